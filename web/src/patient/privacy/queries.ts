/** What is asked about a patient's privacy, and what is said about it. */

import { queryOptions } from "@tanstack/react-query";
import { belonging } from "@/api/belonging";
import { read, remove, send } from "@/api/client";
import type { Consent, Consents, Visits } from "@/patient/privacy/types";

const path = (id: string): string => `/api/v1/patients/${encodeURIComponent(id)}`;

export const consentsQuery = (id: string) =>
  queryOptions({
    queryKey: ["patient", id, "consents"],
    queryFn: async ({ signal }) => belonging(id, await read<Consents>(`${path(id)}/consents`, signal), (answer) => answer.patient),
  });

/** Looking it up is itself a look: it is asked when somebody asks. */
export const visitsQuery = (id: string) =>
  queryOptions({
    queryKey: ["patient", id, "visits"],
    queryFn: async ({ signal }) => belonging(id, await read<Visits>(`${path(id)}/accesses`, signal), (answer) => answer.patient),
    staleTime: 60_000,
  });

export const giveConsent = (resource: unknown): Promise<Consent> => send<Consent>("/api/v1/consents", resource);

export const withdrawConsent = (id: string, consent: string, reason: string): Promise<void> =>
  remove(`${path(id)}/consents/${encodeURIComponent(consent)}?${new URLSearchParams({ reason })}`);

export interface Label {
  kind: string;
  key: string;
  labels: string[];
  reason: string;
}

export const giveLabel = (id: string, label: Label): Promise<void> => send<void>(`${path(id)}/labels`, label);
