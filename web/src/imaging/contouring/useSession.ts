/** Opening the contours, saving them and putting them away, as the toolbar, the bar and the keys ask for it. */

import { useCallback, useState } from "react";
import { useDrawingKeys } from "@/imaging/contouring/keys";
import type { Hand, Pen } from "@/imaging/contouring/useDrawing";
import type { Position } from "@/imaging/types";

interface Around {
  focus: Position | undefined;
  onFocus: (to: (before: Position) => Position) => void;
  /** The first mouse button and one finger are for drawing again. */
  takePen: () => void;
}

export function useSession(hand: Hand, { focus, onFocus, takePen }: Around) {
  const [asking, setAsking] = useState<"save" | "stop">();
  const { isOpen, isUnsaved, isOvertaken, open, close, setPen } = hand;
  const pick = useCallback(
    (what: Partial<Pen>) => {
      takePen();
      setPen(what);
    },
    [takePen, setPen],
  );
  const toggle = useCallback(() => {
    if (isUnsaved) return setAsking("stop");
    if (isOpen) return close();
    takePen();
    void open();
  }, [isUnsaved, isOpen, close, open, takePen]);
  const save = useCallback(() => isUnsaved && !isOvertaken && setAsking("save"), [isUnsaved, isOvertaken]);
  const done = useCallback(() => setAsking(undefined), []);
  const letGo = useCallback(() => {
    setAsking(undefined);
    close();
  }, [close]);
  const drawing: Hand = { ...hand, setPen: pick };
  useDrawingKeys({ hand: drawing, focus, onFocus, toggle, save });
  return { drawing, asking, toggle, save, done, letGo };
}

export type Session = ReturnType<typeof useSession>;
