/** The keyboard while somebody draws: every act of the hand has one, and the marker is the brush of whoever has no pointer. */

import { useMemo } from "react";
import type { Hand } from "@/imaging/contouring/useDrawing";
import { RADII } from "@/imaging/contouring/useDrawing";
import type { Position } from "@/imaging/types";
import { type Binding, useKeys } from "@/shell/keys";

interface Acts {
  hand: Hand;
  focus: Position | undefined;
  onFocus: (to: (before: Position) => Position) => void;
  /** Open the contours, or put them away. */
  toggle: () => void;
  save: () => void;
}

/** One press moves the marker, and changes the radius, by so many mm. */
const STEP_MM = 2;
const AXIAL: Position = [0, 0, 1];
const NONE: readonly Binding[] = [];

export function useDrawingKeys({ hand, focus, onFocus, toggle, save }: Acts): void {
  const { isPossible, isOpen, pen, setPen, stroke, lift, undo, redo, another } = hand;
  const key = (keys: string, says: string, run: () => void): Binding => ({ keys, says, run, group: "Drawing contours" });
  useKeys(useMemo(() => (isPossible || isOpen ? [key("d", "Draw, or stop drawing", toggle)] : NONE), [isPossible, isOpen, toggle]));
  useKeys(
    useMemo(() => {
      if (!isOpen) return NONE;
      const move = (x: number, y: number) => () => onFocus(([left, back, up]) => [left + x, back + y, up]);
      return [
        key("b", "Brush", () => setPen({ tool: "brush" })),
        key("e", "Eraser", () => setPen({ tool: "eraser" })),
        key("h", "Hot spot", () => setPen({ tool: "spot" })),
        key("f", "Ball or slice", () => setPen({ flat: !pen.flat })),
        key("[", "Smaller", () => setPen({ radius: Math.max(RADII.least, pen.radius - STEP_MM) })),
        key("]", "Larger", () => setPen({ radius: Math.min(RADII.most, pen.radius + STEP_MM) })),
        key("n", "New lesion", another),
        key("u", "Undo", undo),
        key("U", "Redo", redo),
        key("s", "Save the contours", save),
        key("ArrowLeft", "Marker to the patient’s right", move(-STEP_MM, 0)),
        key("ArrowRight", "Marker to the patient’s left", move(STEP_MM, 0)),
        key("Home", "Marker to the front", move(0, -STEP_MM)),
        key("End", "Marker to the back", move(0, STEP_MM)),
        key(".", "Draw at the marker", () => {
          if (!focus) return;
          stroke({ from: focus, to: focus, normal: AXIAL }, true);
          lift();
        }),
      ];
    }, [isOpen, pen, setPen, focus, onFocus, stroke, lift, undo, redo, another, save]),
  );
}
