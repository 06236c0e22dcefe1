/** The questions of the imaging pages. */

import { type QueryClient, queryOptions } from "@tanstack/react-query";
import { belonging } from "@/api/belonging";
import { query, read, send } from "@/api/client";
import { problemIn } from "@/api/problem";
import { session } from "@/api/session";
import type { Prognosis, Radiomics, Studies, Study } from "@/imaging/types";

const SECOND = 1_000;
const PATH = "/api/v1/imaging/studies";

/** Of one patient, or of everybody this person may see. */
export const studiesQuery = (patient?: string) =>
  queryOptions({
    queryKey: patient === undefined ? ["imaging"] : ["patient", patient, "imaging"],
    queryFn: async ({ signal }) => {
      const answer = await read<Studies>(`${PATH}${query({ patient })}`, signal);
      return patient === undefined ? answer : belonging(patient, answer, ({ studies }) => studies.map((each) => each.patient ?? ""));
    },
    // Every look at the list is in the audit trail: not more often than somebody would press.
    refetchInterval: 30 * SECOND,
  });

export const studyQuery = (uid: string) =>
  queryOptions({
    queryKey: ["imaging", uid],
    queryFn: ({ signal }) => read<Study>(`${PATH}/${encodeURIComponent(uid)}`, signal),
    refetchInterval: ({ state: { data } }) =>
      data?.state !== "analysed" || data.is_working || data.drawing?.state === "measuring" ? 4 * SECOND : false,
    enabled: uid !== "",
  });

/** Somebody has drawn or measured by hand: the study, its features and what a report says of them are asked anew. */
export async function afterMeasuring(known: QueryClient, { uid, patient }: Pick<Study, "uid" | "patient">): Promise<void> {
  await Promise.all([
    known.invalidateQueries({ queryKey: ["imaging", uid], predicate: ({ queryKey }) => queryKey[2] !== "mask" }),
    known.invalidateQueries({ queryKey: ["patient", patient, "report"] }),
  ]);
}

/** Say whose a study is; the note says how it was found out. */
export const placeStudy = (uid: string, patient: string, note: string) =>
  send<unknown>(`${PATH}/${encodeURIComponent(uid)}/place`, { patient, note });

export const radiomicsQuery = (uid: string) =>
  queryOptions({
    queryKey: ["imaging", uid, "radiomics"],
    queryFn: ({ signal }) => read<Radiomics>(`${PATH}/${encodeURIComponent(uid)}/radiomics`, signal),
    staleTime: Infinity,
  });

export const prognosisQuery = (uid: string) =>
  queryOptions({
    queryKey: ["imaging", uid, "prognosis"],
    queryFn: ({ signal }) => read<Prognosis>(`${PATH}/${encodeURIComponent(uid)}/prognosis`, signal),
    staleTime: Infinity,
  });

export interface MaskVoxels {
  /** Which structure each belongs to, [slice][row][column], 0 is none. */
  values: Uint8Array;
  /** As many as each has where the mask is kept. */
  bytes: 1 | 2;
}

/** The voxels of a mask; null where they belong to more than 255 structures. */
export const voxelsQuery = (study: string, mask: string) =>
  queryOptions({
    queryKey: ["imaging", study, "mask", mask],
    queryFn: ({ signal }) => voxelsOf(study, mask, signal),
    staleTime: Infinity,
  });

async function voxelsOf(study: string, mask: string, signal: AbortSignal): Promise<MaskVoxels | null> {
  const response = await session.fetch(`${PATH}/${encodeURIComponent(study)}/segmentations/${encodeURIComponent(mask)}/voxels`, { signal });
  if (!response.ok) throw await problemIn(response);
  const content = await response.arrayBuffer();
  if (response.headers.get("Wardline-Voxel-Bytes") !== "2") return { values: new Uint8Array(content), bytes: 1 };
  const wide = new Uint16Array(content);
  return wide.some((each) => each > 255) ? null : { values: Uint8Array.from(wide), bytes: 2 };
}
