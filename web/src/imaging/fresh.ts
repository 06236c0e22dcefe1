/** What hangs on the measurements of a study is asked again when they have been made anew. */

import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import type { Study } from "@/imaging/types";

export function useFresh({ uid, patient, answers, masks, drawing, is_working }: Study): void {
  const known = useQueryClient();
  // An answer's time is that of the images: what it says tells that it is another.
  const measured = JSON.stringify([answers, masks.map(({ id }) => id), drawing?.state, is_working]);
  const seen = useRef(measured);
  useEffect(() => {
    if (seen.current === measured) return;
    seen.current = measured;
    for (const what of ["radiomics", "prognosis", "contours"]) void known.invalidateQueries({ queryKey: ["imaging", uid, what] });
    void known.invalidateQueries({ queryKey: ["patient", patient, "report"] });
  }, [known, uid, patient, measured]);
}
