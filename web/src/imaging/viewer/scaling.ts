/**
 * What a PET voxel means: the server's factor for each slice, and nothing else.
 *
 * Cornerstone would work out an SUV of its own from the headers when nobody says one. It is wrong for many real series, so this
 * answers first for every image, and answers with nothing where the server has refused.
 */

import type { Suv } from "@/imaging/types";

const factors = new Map<string, number>();

/** From now on these slices are in SUV by body weight; without an SUV they stay in what the scanner measured. */
export function scaleBy(suv: Suv | null): void {
  if (suv?.refused !== "") return;
  for (const [instance, factor] of Object.entries(suv.factors)) factors.set(instance, factor);
}

export function factorOf(imageId: string): number | undefined {
  return factors.get(/\/instances\/([0-9.]+)\//.exec(imageId)?.[1] ?? "");
}

/** For Cornerstone's metadata, asked before all other providers. */
export function scalingModule(type: string, imageId: unknown): { suvbw?: number } | undefined {
  if (type !== "scalingModule" || typeof imageId !== "string") return undefined;
  const factor = factorOf(imageId);
  return factor === undefined ? {} : { suvbw: factor };
}
