/** Which series of a study are looked at together, and what their images are. Needs nothing of the viewer, so it can be asked before that is here. */

import { queryOptions } from "@tanstack/react-query";
import type { Series, Study } from "@/imaging/types";
import { stackOf } from "@/imaging/viewer/dicomweb";

export const stackQuery = (study: string, series: string) =>
  queryOptions({
    queryKey: ["stack", study, series],
    queryFn: ({ signal }) => stackOf(study, series, signal),
    staleTime: Infinity,
    enabled: series !== "",
  });

/** Series about pictures, without any of their own. */
const NO_PICTURES = new Set(["SEG", "SR", "PR", "KO", "RTSTRUCT", "RTPLAN", "RTDOSE", "DOC", "REG", "RWV"]);

/** Series with pictures in them, in the order of their numbers. */
export const pictured = (study: Study): Series[] =>
  study.series.filter(({ modality }) => !NO_PICTURES.has(modality)).sort((a, b) => (a.number ?? 0) - (b.number ?? 0));

const most = (series: readonly Series[]): Series | undefined => [...series].sort((a, b) => b.instances - a.instances)[0];

/** PET in numbers that mean something before PET without; with it the largest CT, else the largest series there is. */
export function together(study: Study): { anatomy: Series | undefined; activity: Series | undefined } {
  const all = pictured(study);
  const pets = all.filter(({ modality }) => modality === "PT");
  const others = all.filter(({ modality }) => modality !== "PT");
  const activity = most(pets.filter(({ suv }) => suv?.refused === "")) ?? most(pets);
  const anatomy = most(others.filter(({ modality }) => modality === "CT")) ?? most(others);
  return { anatomy, activity };
}
