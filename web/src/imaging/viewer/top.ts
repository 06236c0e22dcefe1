/** The upper end of the scale of activity, in what the voxels were loaded in. */

import type { Types } from "@cornerstonejs/core";
import type { SuvKind } from "@/imaging/types";
import type { Images } from "@/imaging/viewer/images";

export function topOf(wanted: number, { activity }: Images, kind: SuvKind | undefined): number {
  if (kind) return wanted / kind.of_suvbw;
  // Without a unit a scale has no usual end: the brightest voxel seen so far in the middle of the images.
  return activity ? brightest(activity) : wanted;
}

/** Every second voxel of the middle slice: enough to see something by. */
function brightest(volume: Types.IImageVolume): number {
  const [wide, high, deep] = volume.dimensions;
  let most = 1;
  for (let j = 0; j < high; j += 2)
    for (let i = 0; i < wide; i += 2) most = Math.max(most, Number(volume.voxelManager?.getAtIJK(i, j, deep >> 1)) || 0);
  return most;
}
