/** A measurement by hand as one view cuts it: what is drawn of it there, if anything. */

import type { Kept } from "@/imaging/contouring/types";
import type { Position } from "@/imaging/types";
import { along, cross, dot, minus } from "@/imaging/viewer/geometry";

export interface Plane {
  /** A point in it, and its normal, a unit vector. */
  point: Position;
  normal: Position;
  /** What lies no further from it counts as in it, in mm. */
  half: number;
}

/** Points of its line in the patient, closed for an area; none where the plane misses it. */
export function cut({ kind, points }: Pick<Kept, "kind" | "points">, plane: Plane): { line: Position[]; closed: boolean } {
  const away = (point: Position): number => dot(minus(point, plane.point), plane.normal);
  const [one, other, left, right] = points;
  const nothing = { line: [], closed: false };
  if (!one || !other) return nothing;
  if (kind === "sphere") {
    const radius = Math.hypot(...minus(other, one));
    const off = away(one);
    if (Math.abs(off) > radius) return nothing;
    const [across, up] = basis(plane.normal);
    return { line: round(along(one, plane.normal, -off), across, up, Math.sqrt(radius ** 2 - off ** 2)), closed: true };
  }
  if (points.some((each) => Math.abs(away(each)) > plane.half)) return nothing;
  if (kind === "length" || !left || !right) return { line: [one, other], closed: false };
  const centre = middleOf({ kind, points });
  return { line: round(centre, half(one, other), half(left, right), 1), closed: true };
}

/** Where one looks for it. */
export function middleOf({ kind, points }: Pick<Kept, "kind" | "points">): Position {
  const counted = kind === "sphere" ? points.slice(0, 1) : points;
  return [0, 1, 2].map((axis) => counted.reduce((sum, each) => sum + (each[axis] ?? 0), 0) / counted.length) as Position;
}

const CORNERS = 64;

function round(centre: Position, across: Position, up: Position, radius: number): Position[] {
  return Array.from({ length: CORNERS }, (_, corner) => {
    const angle = (corner / CORNERS) * 2 * Math.PI;
    return along(along(centre, across, radius * Math.cos(angle)), up, radius * Math.sin(angle));
  });
}

const half = (one: Position, other: Position): Position => minus(one, other).map((each) => each / 2) as Position;

/** Two unit vectors in the plane, at right angles. */
function basis(normal: Position): [Position, Position] {
  const aside: Position = Math.abs(normal[0]) < 0.9 ? [1, 0, 0] : [0, 1, 0];
  const flat = along(aside, normal, -dot(aside, normal));
  const across = flat.map((each) => each / Math.hypot(...flat)) as Position;
  return [across, cross(normal, across)];
}
