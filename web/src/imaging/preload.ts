/** The viewer is large: it is fetched while somebody still looks at a list of studies, so that the case opens at once. */

import { useEffect } from "react";

export const viewer = () => import("@/imaging/viewer/Viewer");

export function useViewerSoon(): void {
  useEffect(() => {
    // Should it fail, the case says so when it is opened.
    viewer().catch(() => undefined);
  }, []);
}
