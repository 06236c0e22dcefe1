/** Guideline cards: by themselves, and judged on one patient's record. Nothing asked here is kept. */

import { queryOptions } from "@tanstack/react-query";
import { belonging } from "@/api/belonging";
import { query, read, send } from "@/api/client";
import type { AppliedGuideline, FittingGuidelines, Guideline, GuidelineLine } from "@/guidelines/types";
import type { Moment } from "@/patient/queries";

export const guidelinesQuery = queryOptions({
  queryKey: ["guidelines"],
  queryFn: ({ signal }) => read<{ guidelines: GuidelineLine[] }>("/api/v1/clinical/guidelines", signal),
  staleTime: Infinity,
});

export const guidelineQuery = (id: string) =>
  queryOptions({
    queryKey: ["guidelines", id],
    queryFn: ({ signal }) => read<Guideline>(`/api/v1/recommendations/protocols/${encodeURIComponent(id)}`, signal),
    staleTime: Infinity,
  });

const path = (patient: string): string => `/api/v1/patients/${encodeURIComponent(patient)}/guidelines`;

export const fittingQuery = (patient: string, asOf: Moment) =>
  queryOptions({
    queryKey: asOf === undefined ? ["patient", patient, "guidelines"] : ["past", patient, asOf, "guidelines"],
    queryFn: async ({ signal }) =>
      belonging(patient, await read<FittingGuidelines>(`${path(patient)}${query({ as_of: asOf })}`, signal), (answer) => answer.patient),
    ...(asOf === undefined ? {} : { staleTime: Infinity }),
  });

export const appliedQuery = (patient: string, id: string, judged: Record<string, boolean>, asOf: Moment) =>
  queryOptions({
    queryKey: asOf === undefined ? ["patient", patient, "guideline", id, judged] : ["past", patient, asOf, "guideline", id, judged],
    queryFn: async () =>
      belonging(
        patient,
        await send<AppliedGuideline>(`${path(patient)}/${encodeURIComponent(id)}${query({ as_of: asOf })}`, judged),
        (answer) => answer.patient,
      ),
    gcTime: 30_000,
    // The answer before stays until the new one is there: nothing jumps while somebody answers.
    placeholderData: (before) => (before?.patient === patient && before.guideline.id === id ? before : undefined),
  });
