/** What a drawing comes to, before it is saved: which lesions it changes, takes away and adds. */

import type { Contours } from "@/imaging/contouring/queries";
import type { Opened, Target } from "@/imaging/contouring/useDrawing";

export interface Change {
  target: Target;
  what: "changed" | "removed" | "new";
  /** Inside the outline, in ml. */
  before: number;
  now: number;
}

export function changesOf({ draft, volume, targets }: Pick<Opened, "draft" | "volume" | "targets">): Change[] {
  const sizes = draft.sizes();
  const voxelMl = volume.spacing.reduce((product, each) => product * each, 1) / 1_000;
  return targets.flatMap((target): Change[] => {
    const size = sizes.get(target.number);
    if (!size?.changed || (target.isNew && size.now === 0)) return [];
    const what = target.isNew ? "new" : size.now === 0 ? "removed" : "changed";
    return [{ target, what, before: size.before * voxelMl, now: size.now * voxelMl }];
  });
}

export function contoursOf({ mask, bytes, draft }: Opened, changes: readonly Change[], note: string): Contours {
  const of = (wanted: Change["what"]): Target[] => changes.filter(({ what }) => what === wanted).map(({ target }) => target);
  return {
    based_on: mask.id,
    shape: mask.shape,
    voxels: draft.voxels,
    bytes,
    new: of("new").map(({ number, site }) => ({ number, site: site.trim() })),
    removed: of("removed").map(({ key }) => key),
    note: note.trim(),
  };
}
