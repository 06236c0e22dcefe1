/** The point that all views show: where it begins, how it moves, and where the same place was before. */

import type { Types } from "@cornerstonejs/core";
import { useCallback, useEffect, useState } from "react";
import type { Position, Study } from "@/imaging/types";
import type { Images } from "@/imaging/viewer/images";
import { middleOf } from "@/imaging/viewer/shapes";
import { indexOf, pointAt } from "@/imaging/viewer/sphere";

const baseOf = ({ anatomy, activity }: Images): Types.IImageVolume | undefined => anatomy ?? activity;

/** Where the lesion or the measurement of this key is. */
export function placeOf({ lesions, marks }: Study, key: string | undefined): Position | undefined {
  const mark = marks.find(({ id }) => id === key);
  return lesions.find((each) => each.key === key)?.position ?? (mark && middleOf(mark));
}

/** Begins at what is chosen, else in the middle; then follows what is chosen and where somebody goes. Always the middle of a slice. */
export function useFocus(images: Images, chosen: Position | undefined) {
  const [focus, setFocus] = useState<Position>();
  const base = baseOf(images);
  const goTo = useCallback(
    (to: Position | ((before: Position) => Position)) =>
      setFocus((before) => {
        if (!base) return before;
        const there = typeof to === "function" ? to(before ?? middle(base)) : to;
        return inSlice(base, there);
      }),
    [base],
  );
  useEffect(() => {
    if (base) setFocus((before) => (chosen ? inSlice(base, chosen) : (before ?? middle(base))));
    // The same place may come as another object when the study is read again.
  }, [base, chosen?.join()]);
  return [base ? focus : undefined, goTo] as const;
}

const middle = (volume: Types.IImageVolume): Position => pointAt(volume, volume.dimensions.map((each) => (each - 1) >> 1) as Position);

/** The same point, moved along the slices' normal to the middle of its slice. */
function inSlice(volume: Types.IImageVolume, point: Position): Position {
  const [i, j, k] = indexOf(volume, point);
  return pointAt(volume, [i, j, Math.min(Math.max(Math.round(k), 0), volume.dimensions[2] - 1)]);
}

/** So many slices further down. */
export function stepped(images: Images, point: Position, by: number): Position {
  const volume = baseOf(images);
  if (!volume) return point;
  const [i, j, k] = indexOf(volume, point);
  // Slices count from the feet up, people from the top down.
  return pointAt(volume, [i, j, k - by]);
}

/** Which slice it is, as people count them: from the top. */
export function depthWords(images: Images, focus: Position) {
  const volume = baseOf(images);
  if (!volume) return { slice: 1, of: 1, said: "" };
  const of = volume.dimensions[2];
  const slice = of - Math.round(indexOf(volume, focus)[2]);
  return { slice, of, said: `slice ${slice} of ${of}, ${Math.round((slice - 1) * volume.spacing[2])} mm from the top` };
}

/** Moved as `to` lies to `from`. */
export const carried = (point: Position, from: Position, to: Position): Position =>
  point.map((each, axis) => each - (from[axis] ?? 0) + (to[axis] ?? 0)) as Position;

/** Where the same place was before: by the chosen lesion where it was found again, else as far from the top. */
export function priorFocus(
  focus: Position,
  images: Images,
  before: Images,
  study: Study,
  prior: Study | undefined,
  chosen: string | undefined,
): Position | undefined {
  const [now, then] = [baseOf(images), baseOf(before)];
  if (!now || !then) return undefined;
  const lesion = study.lesions.find(({ key }) => key === chosen);
  const matched = prior?.lesions.find(({ key }) => lesion?.prior?.study === prior.uid && key === lesion.prior?.key);
  if (lesion && matched) return inSlice(then, carried(focus, lesion.position, matched.position));
  return inSlice(then, carried(focus, headOf(now), headOf(then)));
}

/** The middle of the uppermost slice. */
const headOf = (volume: Types.IImageVolume): Position => {
  const [i, j] = volume.dimensions.map((each) => (each - 1) / 2);
  return pointAt(volume, [i ?? 0, j ?? 0, volume.dimensions[2] - 1]);
};
