/** What a brush and a press take hold of: the voxels of a mask within a ball drawn along a line, and those that belong to a hot spot. */

import type { Position } from "@/imaging/types";
import { dot } from "@/imaging/viewer/geometry";
import { indexOf, type Voxels } from "@/imaging/viewer/sphere";

/** A movement of the hand in one view. */
export interface Stroke {
  from: Position;
  to: Position;
  /** Of the view it was made in, a unit vector. */
  normal: Position;
}

/** Places in the mask, in the order slice, row, column. */
export type Places = readonly number[];

type Visit = (place: number, i: number, j: number, k: number) => void;

/** Every voxel whose centre is within `radius` mm of the line, and the one the line ends in. `flat`: only in the slice of the view. */
export function swept(volume: Voxels, { from, to, normal }: Stroke, radius: number, flat: boolean): Places {
  const [start, end] = [indexOf(volume, from), indexOf(volume, to)];
  const across = flat ? axisOf(volume, normal) : undefined;
  const nearest = end.map(Math.round) as Position;
  const found: number[] = [];
  within(volume, [start, end], radius, (place, i, j, k) => {
    const index: Position = [i, j, k];
    if (across !== undefined && index[across] !== nearest[across]) return;
    const here = index.every((each, axis) => each === nearest[axis]);
    if (here || distance(volume, index, start, end) <= radius) found.push(place);
  });
  return found;
}

export interface Spot {
  places: Places;
  /** The highest value in the ball. */
  highest: number;
}

/**
 * The hot spot at a point: from the hottest voxel in the ball around it, every neighbour by a face that is in the ball and reaches this
 * share of the highest value. Undefined where there is nothing above zero.
 */
export function hotSpot(volume: Voxels, at: Position, radius: number, share: number): Spot | undefined {
  const centre = indexOf(volume, at);
  const values = new Map<number, number>();
  let [hottest, highest] = [-1, 0];
  within(volume, [centre, centre], radius, (place, i, j, k) => {
    if (distance(volume, [i, j, k], centre, centre) > radius) return;
    const value = Number(volume.voxelManager?.getAtIJK(i, j, k));
    values.set(place, value);
    if (value > highest) [hottest, highest] = [place, value];
  });
  if (hottest < 0) return undefined;
  const places = [hottest];
  const seen = new Set(places);
  for (const place of places)
    for (const next of neighbours(volume, place))
      if (!seen.has(next) && (values.get(next) ?? 0) >= share * highest) {
        seen.add(next);
        places.push(next);
      }
  return { places, highest };
}

/** By a face, of a voxel's six the ones that are inside the images or in no ball at all. */
function neighbours({ dimensions }: Voxels, place: number): number[] {
  const [wide = 1, high = 1] = dimensions;
  const [i, j] = [place % wide, Math.floor(place / wide) % high];
  return [
    ...(i > 0 ? [place - 1] : []),
    ...(i < wide - 1 ? [place + 1] : []),
    ...(j > 0 ? [place - wide] : []),
    ...(j < high - 1 ? [place + wide] : []),
    place - wide * high,
    place + wide * high,
  ];
}

/** Slices that the ball touches. */
export function slicesAround(volume: Voxels, at: Position, radius: number): [number, number] {
  const [from, to] = box(volume, [indexOf(volume, at)], radius);
  return [from[2], to[2]];
}

function within(volume: Voxels, points: readonly Position[], radius: number, visit: Visit): void {
  const [from, to] = box(volume, points, radius);
  const [wide = 1, high = 1] = volume.dimensions;
  for (let k = from[2]; k <= to[2]; k++)
    for (let j = from[1]; j <= to[1]; j++) for (let i = from[0]; i <= to[0]; i++) visit((k * high + j) * wide + i, i, j, k);
}

/** Inside the images, and at least the voxels that the points lie in. */
function box(volume: Voxels, points: readonly Position[], radius: number): [Position, Position] {
  const limit = (way: number, value: number): number => Math.min(Math.max(value, 0), (volume.dimensions[way] ?? 1) - 1);
  const reach = (way: number): number => radius / (volume.spacing[way] ?? 1);
  const ways = [0, 1, 2] as const;
  return [
    ways.map((way) => limit(way, Math.round(Math.min(...points.map((each) => each[way])) - reach(way)))) as Position,
    ways.map((way) => limit(way, Math.round(Math.max(...points.map((each) => each[way])) + reach(way)))) as Position,
  ];
}

/** From a voxel's centre to the line between two (broken) indices, in mm. */
function distance({ spacing }: Voxels, index: Position, start: Position, end: Position): number {
  const mm = (from: Position, to: Position): Position => from.map((each, way) => ((to[way] ?? 0) - each) * (spacing[way] ?? 1)) as Position;
  const [line, away] = [mm(start, end), mm(start, index)];
  const length = dot(line, line);
  const along = length === 0 ? 0 : Math.min(1, Math.max(0, dot(line, away) / length));
  return Math.hypot(...away.map((each, way) => each - along * (line[way] ?? 0)));
}

/** The direction of the images that this view looks along. */
function axisOf({ direction }: Voxels, normal: Position): number {
  const shares = [0, 1, 2].map((way) =>
    Math.abs(dot(normal, [Number(direction[way * 3]), Number(direction[way * 3 + 1]), Number(direction[way * 3 + 2])])),
  );
  return shares.indexOf(Math.max(...shares));
}
