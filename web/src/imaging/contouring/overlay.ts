/** The mask that is being drawn, over the images in every view, while the hand still moves. */

import { cache, type Types, volumeLoader } from "@cornerstonejs/core";
import { Enums, segmentation } from "@cornerstonejs/tools";
import type { Draft } from "@/imaging/contouring/draft";
import type { Places } from "@/imaging/contouring/strokes";

export const DRAFT = "draft";

export function show(draft: Draft, volume: Types.IImageVolume): void {
  hide();
  const labels = volumeLoader.createAndCacheDerivedLabelmapVolume(volume.volumeId, { volumeId: DRAFT });
  labels.voxelManager?.setCompleteScalarDataArray?.(draft.voxels);
  segmentation.addSegmentations([
    { segmentationId: DRAFT, representation: { type: Enums.SegmentationRepresentations.Labelmap, data: { volumeId: DRAFT } } },
  ]);
}

export function hide(): void {
  if (!cache.getVolume(DRAFT)) return;
  segmentation.removeSegmentation(DRAFT);
  cache.removeVolumeLoadObject(DRAFT);
}

let due = 0;
const slices = new Set<number>();

/** Take over what has changed; it is drawn with the next picture the screen shows, however often the hand has moved until then. */
export function touch(draft: Draft, places: Places): void {
  const labels = cache.getVolume(DRAFT);
  if (!labels || places.length === 0) return;
  const [wide, high] = labels.dimensions;
  for (const place of places) {
    labels.voxelManager?.setAtIndex(place, draft.voxels[place] ?? 0);
    slices.add(Math.floor(place / (wide * high)));
  }
  due ||= requestAnimationFrame(() => {
    due = 0;
    const changed = [...slices];
    slices.clear();
    if (cache.getVolume(DRAFT)) segmentation.triggerSegmentationEvents.triggerSegmentationDataModified(DRAFT, changed);
  });
}
