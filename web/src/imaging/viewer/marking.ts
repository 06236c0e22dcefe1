/** The lesions of a study as marks on its pictures, and under the same keys on those of the study before. */

import type { Lesion, Study } from "@/imaging/types";
import type { Mark } from "@/imaging/viewer/Marks";
import { change, mainValue, number, valueOf } from "@/imaging/words";

export function marksOf(lesions: readonly Lesion[], chosen: string | undefined): Mark[] {
  return lesions.map((lesion) => {
    const now = mainValue(lesion);
    const then = valueOf(lesion.prior?.values ?? [], now?.id ?? "");
    const changed = change(now?.value, then?.value);
    const says = [
      `${lesion.key} ${now ? `${now.name} ${now.value === null ? `– ${now.why ?? "no value"}` : number(now.value)}` : ""}`.trim(),
      ...(changed !== undefined && then?.value != null ? [`was ${number(then.value)}, ${changed}`] : []),
    ];
    return { key: lesion.key, at: lesion.centre ?? lesion.position, radius: lesion.radius_mm, selected: lesion.key === chosen, says };
  });
}

/** The prior study's lesions under the keys they have now, so that both pictures speak of the same. */
export function marksBefore(lesions: readonly Lesion[], prior: Study | undefined, chosen: string | undefined): Mark[] {
  return (prior?.lesions ?? []).map((then) => {
    const now = lesions.find((each) => each.prior?.study === prior?.uid && each.prior?.key === then.key);
    // A lesion that was not found again keeps its key of then, said as such: another may have it now.
    const key = now?.key ?? `was ${then.key}`;
    return { key, at: then.centre ?? then.position, radius: then.radius_mm, selected: key === chosen, says: [key] };
  });
}

/** The lesion after (or before) the chosen one, round and round. */
export function neighbour(lesions: readonly Lesion[], chosen: string | undefined, by: number): string | undefined {
  if (lesions.length === 0) return undefined;
  const at = lesions.findIndex(({ key }) => key === chosen);
  return lesions[at < 0 ? 0 : (at + by + lesions.length) % lesions.length]?.key;
}
