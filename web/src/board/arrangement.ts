/** The order on screen: held while somebody is busy in the table, otherwise taken up with a short slide. */

import { type RefObject, useCallback, useLayoutEffect, useMemo, useRef, useState } from "react";
import type { Row } from "@/api/types";
import { type Arrangement, arranged, kept, sameOrder, waiting } from "@/board/order";
import { movesLess } from "@/design/media";

const SLIDE_MS = 160;

export interface Shown {
  arrangement: Arrangement;
  /** How many rows would move. */
  waiting: number;
  takeUp: () => void;
}

export function useArrangement(rows: readonly Row[], holding: boolean): Shown {
  const wanted = useMemo(() => arranged(rows), [rows]);
  const [shown, setShown] = useState(wanted);
  const next = holding ? kept(shown, wanted) : wanted;
  const arrangement = sameOrder(shown, next) ? shown : next;
  if (arrangement !== shown) setShown(arrangement);
  const takeUp = useCallback(() => setShown(wanted), [wanted]);
  return { arrangement, waiting: waiting(arrangement, wanted), takeUp };
}

/** Rows that have changed place slide there from where they were. */
export function useSlide(table: RefObject<HTMLElement | null>, arrangement: Arrangement): void {
  const places = useRef(new Map<string, number>());
  useLayoutEffect(() => {
    const before = places.current;
    const after = new Map<string, number>();
    for (const row of table.current?.querySelectorAll<HTMLElement>("[data-row]") ?? []) {
      const id = row.dataset["row"] ?? "";
      after.set(id, row.offsetTop);
      const from = before.get(id);
      if (from === undefined || from === row.offsetTop || movesLess()) continue;
      row.animate([{ transform: `translateY(${from - row.offsetTop}px)` }, { transform: "none" }], {
        duration: SLIDE_MS,
        easing: "ease-out",
      });
    }
    places.current = after;
  }, [table, arrangement]);
}
