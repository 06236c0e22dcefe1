/** The medication review of a patient, as it is and as it would be. Nothing asked here is kept, and nobody is alerted. */

import { queryOptions } from "@tanstack/react-query";
import { belonging } from "@/api/belonging";
import { query, read, send } from "@/api/client";
import type { MedicationReview } from "@/patient/medication/types";
import type { Moment } from "@/patient/queries";

export interface WhatIf {
  /** Drugs somebody thinks of ordering, as typed. */
  medications: string[];
  /** Numbers of running orders that would be stopped. */
  stop: string[];
}

const about = (answer: MedicationReview): string => answer.patient;

export const reviewQuery = (id: string, asOf: Moment) =>
  queryOptions({
    queryKey: asOf === undefined ? ["patient", id, "medication-review"] : ["past", id, asOf, "medication-review"],
    queryFn: async ({ signal }) =>
      belonging(
        id,
        await read<MedicationReview>(`/api/v1/patients/${encodeURIComponent(id)}/medication-review${query({ as_of: asOf })}`, signal),
        about,
      ),
    ...(asOf === undefined ? {} : { staleTime: Infinity }),
  });

export const whatIfQuery = (id: string, whatIf: WhatIf, asOf: Moment) =>
  queryOptions({
    queryKey: asOf === undefined ? ["patient", id, "medication-what-if", whatIf] : ["past", id, asOf, "medication-what-if", whatIf],
    queryFn: async ({ signal }) =>
      belonging(
        id,
        await send<MedicationReview>(
          "/api/v1/recommendations/medication",
          { patient: id, ...whatIf, ...(asOf === undefined ? {} : { as_of: asOf }) },
          signal,
        ),
        about,
      ),
    gcTime: 30_000,
    // What stood before stays until the new answer is there: nothing jumps while somebody types.
    placeholderData: (before) => (before?.patient === id ? before : undefined),
  });
