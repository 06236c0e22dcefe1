/** What every row of the timeline shares: the axis, how wide it is drawn, up to where it is known, and where the pointer reads. */

import { createContext, use } from "react";
import { type Axis, share } from "@/patient/axis";

export interface Sheet {
  patient: string;
  axis: Axis;
  /** Of the plot, in CSS pixels. */
  width: number;
  /** Up to here things are known: now, or the moment that is shown. Ages are counted from it. */
  edge: number;
  past: boolean;
  /** Where the pointer stands, to read values off. */
  reading: number | undefined;
}

export const SheetContext = createContext<Sheet | null>(null);

export function useSheet(): Sheet {
  const sheet = use(SheetContext);
  if (!sheet) throw new Error("useSheet needs the Timeline above it");
  return sheet;
}

/** Pixels from the left edge of the plot. */
export const x = (sheet: Sheet, at: number): number => share(sheet.axis, at) * sheet.width;

/** A text beside a moment, and on which side of it there is room. */
export interface Label<T> {
  item: T;
  x: number;
  /** Null where it would lie over another: the mark stays, the words come on pointing at it. */
  side: "right" | "left" | null;
}

const LETTER = 6.8;
const GAP = 14;

/** Place texts along a row, oldest first, each where it covers no other; the newest always has its words. */
export function labelled<T>(items: readonly T[], at: (item: T) => number, words: (item: T) => string, width: number): Label<T>[] {
  let free = 0;
  const placed = items.map((item): Label<T> => {
    const place = at(item);
    const length = words(item).length * LETTER + GAP;
    if (place < free) return { item, x: place, side: null };
    if (place + length <= width) {
      free = place + length;
      return { item, x: place, side: "right" };
    }
    if (place - length < free) return { item, x: place, side: null };
    free = place + GAP;
    return { item, x: place, side: "left" };
  });
  return placed;
}
