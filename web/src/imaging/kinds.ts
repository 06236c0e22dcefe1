/** The kinds of SUV a series can be shown in. */

import type { Suv, SuvKind } from "@/imaging/types";

/** By body weight first: that is what voxels are loaded in. None where the server refuses. */
export function kindsOf(suv: Suv | null | undefined): SuvKind[] {
  if (!suv || suv.refused !== "") return [];
  const { kind, label, unit, others } = suv;
  return [{ kind, label, unit, of_suvbw: 1 }, ...others.filter((each): each is SuvKind => "of_suvbw" in each)];
}

/** "{SUVbw}g/ml", "[hnsf'U]", "cm2" (UCUM) as people write them. */
export const unitShown = (unit: string): string =>
  unit
    .replace(/\{[^}]*\}/, "")
    .replace("ml", "mL")
    .replace("[hnsf'U]", "HU")
    .replace(/(?<=m)2$/, "²")
    .replace(/(?<=m)3$/, "³");
