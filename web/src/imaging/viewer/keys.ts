/** The keyboard of the images; `?` lists it with all others. */

import { useMemo } from "react";
import type { Layout, View } from "@/imaging/viewer/Viewer";
import { clearMeasures, type Hand } from "@/imaging/viewer/tools";
import { WINDOWS } from "@/imaging/viewer/windows";
import { type Binding, useKeys } from "@/shell/keys";

interface Acts {
  change: (what: Partial<View>) => void;
  view: View;
  possible: readonly Layout[];
  layout: Layout;
  step: (by: number) => void;
  next: (by: number) => void;
}

const FAR = 10;
const HANDS: readonly [string, string, Hand][] = [
  ["p", "Point", "point"],
  ["m", "Measure a length", "length"],
  ["c", "Measure in an ellipse", "ellipse"],
  ["k", "Measure in a sphere", "sphere"],
];

export function useViewerKeys({ change, view, possible, layout, step, next }: Acts): void {
  useKeys(
    useMemo(() => {
      const key = (keys: string, says: string, run: () => void): Binding => ({ keys, says, run, group: "Images" });
      return [
        key("ArrowUp", "Slice up", () => step(-1)),
        key("ArrowDown", "Slice down", () => step(1)),
        key("PageUp", "Ten slices up", () => step(-FAR)),
        key("PageDown", "Ten slices down", () => step(FAR)),
        key("l", "Next lesion", () => next(1)),
        key("L", "Lesion before", () => next(-1)),
        key("v", "Next view", () => change({ layout: possible[(possible.indexOf(layout) + 1) % possible.length] ?? layout })),
        key("x", "Contours on or off", () => change({ contours: !view.contours })),
        key("+", "More activity over anatomy", () => change({ strength: Math.min(1, view.strength + 0.1) })),
        key("-", "Less activity over anatomy", () => change({ strength: Math.max(0, view.strength - 0.1) })),
        key("Delete", "Remove all measurements", clearMeasures),
        ...HANDS.map(([each, says, hand]) => key(each, says, () => change({ hand }))),
        ...WINDOWS.map((window, index) => key(`${index + 1}`, `Window: ${window.word.toLowerCase()}`, () => change({ window }))),
      ];
    }, [change, view.contours, view.strength, possible.join(), layout, step, next]),
  );
}
