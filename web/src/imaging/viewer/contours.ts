/** What has been outlined, by a program or a person, drawn over the images it was outlined on. */

import { cache, type Types, volumeLoader } from "@cornerstonejs/core";
import { Enums, segmentation } from "@cornerstonejs/tools";
import { useQueries } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { DRAFT } from "@/imaging/contouring/overlay";
import { voxelsQuery } from "@/imaging/queries";
import type { Mask } from "@/imaging/types";
import { volumeIdOf } from "@/imaging/viewer/volumes";

const { Labelmap } = Enums.SegmentationRepresentations;
export const idOf = (mask: string): string => `mask-${mask}`;
/** Violet like everything that is ours, and told apart by lightness. */
const INKS: readonly (readonly [number, number, number])[] = [
  [169, 173, 255],
  [214, 198, 255],
  [126, 214, 190],
  [240, 190, 220],
  [190, 205, 215],
];

const VEIL = 0.3;

/** A mask has one byte for each voxel. */
const MOST_LABELS = 255;

/** The volume that a mask was outlined on, where it is here. */
export const volumeUnder = (mask: Mask, volumes: readonly (Types.IImageVolume | undefined)[]): Types.IImageVolume | undefined =>
  volumes.find(
    (each) => each?.volumeId === volumeIdOf(mask.series) && mask.shape.every((many, axis) => many === each.dimensions[2 - axis]),
  );

/** The masks of these volumes' series, ready to be drawn over them. */
export function useContours(
  study: string,
  all: readonly Mask[],
  volumes: readonly (Types.IImageVolume | undefined)[],
  on: boolean,
): readonly string[] {
  const masks = all.flatMap((mask) => {
    const volume = volumeUnder(mask, volumes);
    return volume ? [{ id: mask.id, volume }] : [];
  });
  const voxels = useQueries({
    queries: masks.map(({ id }) => ({ ...voxelsQuery(study, id), enabled: on })),
    combine: (answers) => answers.map(({ data }) => data?.values),
  });
  const [made, setMade] = useState(NONE);
  const here = masks.filter((_, index) => voxels[index]).map(({ id }) => id);
  useEffect(() => {
    const fresh = masks.flatMap(({ id, volume }, index) => (voxels[index] ? [make(id, volume, voxels[index])] : []));
    setMade(fresh);
    return () => {
      setMade(NONE);
      for (const id of fresh) remove(id);
    };
    // Masks never change: which are here says everything.
  }, [here.join()]);
  return on ? made : NONE;
}

const NONE: readonly string[] = [];

/** Draw these contours, and no others, in one view. */
export function drawContours(viewport: string, ids: readonly string[]): void {
  segmentation.removeSegmentationRepresentations(viewport, {});
  for (const segmentationId of ids) {
    segmentation.addLabelmapRepresentationToViewport(viewport, [{ segmentationId }]);
    paint(viewport, segmentationId, segmentationId === DRAFT);
  }
}

function make(mask: string, volume: Types.IImageVolume, values: Uint8Array): string {
  const id = idOf(mask);
  if (!cache.getVolume(id)) {
    const labels = volumeLoader.createAndCacheDerivedLabelmapVolume(volume.volumeId, { volumeId: id });
    labels.voxelManager?.setCompleteScalarDataArray?.(values);
    segmentation.addSegmentations([{ segmentationId: id, representation: { type: Labelmap, data: { volumeId: id } } }]);
  }
  return id;
}

function remove(id: string): void {
  segmentation.removeSegmentation(id);
  cache.removeVolumeLoadObject(id);
}

/** What is being drawn is filled a little, so that a hand sees what it has done. */
function paint(viewport: string, segmentationId: string, filled: boolean): void {
  segmentation.segmentationStyle.setStyle(
    { type: Labelmap, segmentationId },
    {
      renderFill: filled,
      fillAlpha: VEIL,
      renderOutline: true,
      outlineWidth: 2,
      renderFillInactive: filled,
      fillAlphaInactive: VEIL,
      renderOutlineInactive: true,
      outlineWidthInactive: 2,
    },
  );
  // Every number, or Cornerstone's own colours would show: red and yellow among them, which are for alarms alone.
  for (let label = 1; label <= MOST_LABELS; label++) {
    const [red, green, blue] = INKS[(label - 1) % INKS.length] ?? [169, 173, 255];
    segmentation.config.color.setSegmentIndexColor(viewport, segmentationId, label, [red, green, blue, 255]);
  }
}
