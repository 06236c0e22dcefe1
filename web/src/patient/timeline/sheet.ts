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

/** From the moment to its words, and from these to the next mark. */
const GAP = 11;
/** A mark without words takes this much to either side. */
const MARK = 5;

/** Place texts along a row: each where it covers no mark and no other text. The newest chooses first. */
export function labelled<T>(items: readonly T[], at: (item: T) => number, words: (item: T) => string, width: number): Label<T>[] {
  let limit = width;
  const placed = items.map((item): Label<T> => ({ item, x: at(item), side: null }));
  for (const [index, label] of [...placed.entries()].reverse()) {
    const length = widthOf(words(label.item)) + GAP;
    const before = placed[index - 1];
    if (label.x + length <= limit) label.side = "right";
    else if (label.x - length >= (before ? before.x + MARK : 0) && label.x <= limit) label.side = "left";
    limit = Math.min(limit, label.side === "left" ? label.x - length : label.x - MARK);
  }
  return placed;
}

const pen = document.createElement("canvas").getContext("2d");

/** Of a text in the rows' type, at its bold weight. */
function widthOf(words: string): number {
  if (!pen) return 0;
  pen.font = `600 12px ${getComputedStyle(document.body).fontFamily}`;
  return pen.measureText(words.trim()).width;
}
