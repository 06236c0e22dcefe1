/** News glows once and softly; with reduced motion it has a line at its left edge for three seconds instead. */

import { type RefObject, useEffect } from "react";
import { movesLess } from "@/design/media";

const GLOW_MS = 1_200;
const EDGE_MS = 3_000;

export function useGlow(table: RefObject<HTMLElement | null>, fresh: ReadonlySet<string>): void {
  useEffect(() => {
    for (const id of fresh) {
      const row = table.current?.querySelector(`[data-row="${CSS.escape(id)}"]`);
      if (row) glow(row);
    }
  }, [table, fresh]);
}

function glow(row: Element): void {
  if (movesLess()) {
    const edge = "inset 2px 0 0 var(--accent)";
    row.animate([{ boxShadow: edge }, { boxShadow: edge }], { duration: EDGE_MS });
  } else {
    row.animate([{ backgroundColor: "var(--accent-bg)" }, {}], { duration: GLOW_MS, easing: "ease-out" });
  }
}
