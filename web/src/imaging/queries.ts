/** The questions of the imaging pages. */

import { queryOptions } from "@tanstack/react-query";
import { belonging } from "@/api/belonging";
import { query, read, send } from "@/api/client";
import { problemIn } from "@/api/problem";
import { session } from "@/api/session";
import type { Radiomics, Studies, Study } from "@/imaging/types";

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
    refetchInterval: ({ state }) => (state.data?.state !== "analysed" || state.data.is_working ? 4 * SECOND : false),
    enabled: uid !== "",
  });

/** Say whose a study is; the note says how it was found out. */
export const placeStudy = (uid: string, patient: string, note: string) =>
  send<unknown>(`${PATH}/${encodeURIComponent(uid)}/place`, { patient, note });

export const radiomicsQuery = (uid: string) =>
  queryOptions({
    queryKey: ["imaging", uid, "radiomics"],
    queryFn: ({ signal }) => read<Radiomics>(`${PATH}/${encodeURIComponent(uid)}/radiomics`, signal),
    staleTime: Infinity,
  });

/** The voxels of a mask: which structure each belongs to, [slice][row][column], 0 is none. Null where there are more than 255. */
export async function voxelsOf(study: string, mask: string, signal: AbortSignal): Promise<Uint8Array | null> {
  const response = await session.fetch(`${PATH}/${encodeURIComponent(study)}/segmentations/${encodeURIComponent(mask)}/voxels`, { signal });
  if (!response.ok) throw await problemIn(response);
  const content = await response.arrayBuffer();
  if (response.headers.get("Wardline-Voxel-Bytes") !== "2") return new Uint8Array(content);
  const wide = new Uint16Array(content);
  return wide.some((each) => each > 255) ? null : Uint8Array.from(wide);
}
