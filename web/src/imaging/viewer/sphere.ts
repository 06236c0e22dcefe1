/** What a sphere holds: every voxel whose centre lies inside it. */

import type { Position } from "@/imaging/types";

/** As much of a volume as is needed: where voxels lie and what they hold. */
export interface Voxels {
  dimensions: readonly number[];
  spacing: readonly number[];
  origin: readonly number[];
  /** Three unit vectors, one after another: along columns' index, rows' index, slices' index. */
  direction: ArrayLike<number>;
  voxelManager?: { getAtIJK: (i: number, j: number, k: number) => unknown } | undefined;
}

export interface Measured {
  voxels: number;
  ml: number;
  max: number;
  mean: number;
}

export function inSphere(volume: Voxels, centre: Position, radius: number): Measured {
  const at = indexOf(volume, centre);
  const [from, to] = box(volume, at, radius);
  let voxels = 0;
  let sum = 0;
  let max = Number.NEGATIVE_INFINITY;
  for (let k = from[2]; k <= to[2]; k++)
    for (let j = from[1]; j <= to[1]; j++)
      for (let i = from[0]; i <= to[0]; i++) {
        if (distance(volume, at, [i, j, k]) > radius) continue;
        const value = Number(volume.voxelManager?.getAtIJK(i, j, k));
        voxels += 1;
        sum += value;
        max = Math.max(max, value);
      }
  const voxelMl = (step(volume, 0) * step(volume, 1) * step(volume, 2)) / 1_000;
  return { voxels, ml: voxels * voxelMl, max, mean: sum / voxels };
}

/** The (broken) index of a point: along columns, rows, slices. */
export function indexOf(volume: Voxels, point: Position): Position {
  const away = point.map((each, axis) => each - (volume.origin[axis] ?? 0));
  const along = (way: number): number =>
    away.reduce((sum, each, axis) => sum + each * Number(volume.direction[way * 3 + axis]), 0) / step(volume, way);
  return [along(0), along(1), along(2)];
}

/** The centre of a voxel in the patient. */
export function pointAt(volume: Voxels, index: Position): Position {
  const axis = (which: number): number =>
    (volume.origin[which] ?? 0) +
    index.reduce((sum, each, way) => sum + each * step(volume, way) * Number(volume.direction[way * 3 + which]), 0);
  return [axis(0), axis(1), axis(2)];
}

/** The value of the voxel a point lies in; undefined outside. No interpolation: this is what was measured. */
export function valueAt(volume: Voxels, point: Position): { value: number; index: Position } | undefined {
  const index = indexOf(volume, point).map(Math.round) as Position;
  if (index.some((each, axis) => each < 0 || each >= (volume.dimensions[axis] ?? 0))) return undefined;
  return { value: Number(volume.voxelManager?.getAtIJK(...index)), index };
}

const step = (volume: Voxels, way: number): number => volume.spacing[way] ?? 1;

function distance(volume: Voxels, one: Position, other: Position): number {
  return Math.hypot(...one.map((each, way) => (each - (other[way] ?? 0)) * step(volume, way)));
}

function box(volume: Voxels, at: Position, radius: number): [Position, Position] {
  const reach = (way: number): number => radius / step(volume, way);
  const last = (way: number): number => (volume.dimensions[way] ?? 1) - 1;
  return [
    at.map((each, way) => Math.max(0, Math.ceil(each - reach(way)))) as Position,
    at.map((each, way) => Math.min(last(way), Math.floor(each + reach(way)))) as Position,
  ];
}
