/** Points and directions in the patient: millimetres towards the patient's left, back and head. */

import type { Position } from "@/imaging/types";

export const minus = (one: Position, other: Position): Position => [one[0] - other[0], one[1] - other[1], one[2] - other[2]];
export const dot = (one: Position, other: Position): number => one[0] * other[0] + one[1] * other[1] + one[2] * other[2];
export const cross = (a: Position, b: Position): Position => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];

/** From `from` so many millimetres along `way`. */
export const along = (from: Position, way: Position, distance: number): Position => [
  from[0] + way[0] * distance,
  from[1] + way[1] * distance,
  from[2] + way[2] * distance,
];

const SIDES = [
  ["L", "R"],
  ["P", "A"],
  ["H", "F"],
] as const;

/** Which side of the patient a direction points to: R, L, A, P, H or F, by its largest part. */
export function sideOf(way: Position): string {
  const axis = way.reduce((best, each, index) => (Math.abs(each) > Math.abs(way[best] ?? 0) ? index : best), 0);
  return SIDES[axis]?.[(way[axis] ?? 0) > 0 ? 0 : 1] ?? "";
}
