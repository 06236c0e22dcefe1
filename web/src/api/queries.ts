/** Every question the screens ask, with how long an answer counts as fresh. Answers about a patient are checked to be about that one. */

import { queryOptions } from "@tanstack/react-query";
import { belonging } from "@/api/belonging";
import { query, read } from "@/api/client";
import type { Answer, Boards, Capability, Hospital, Patient, PatientAlerts, PatientSearch, Queue, Time } from "@/api/types";
import { problemIn } from "@/api/problem";

const SECOND = 1_000;

export const hospitalQuery = queryOptions({
  queryKey: ["hospital"],
  queryFn: async ({ signal }): Promise<Hospital> => {
    const response = await fetch("/api/v1/hospital", { signal });
    if (!response.ok) throw await problemIn(response);
    return (await response.json()) as Hospital;
  },
  staleTime: Infinity,
});

export const boardsQuery = queryOptions({
  queryKey: ["boards"],
  queryFn: ({ signal }) => read<Boards>("/api/v1/boards", signal),
  refetchInterval: 10 * SECOND,
});

export interface QueueFilter {
  urgency?: string | undefined;
  unit?: string | undefined;
  mine?: boolean | undefined;
}

export const queueQuery = (filter: QueueFilter) =>
  queryOptions({
    queryKey: ["queue", filter],
    queryFn: ({ signal }) => read<Queue>(`/api/v1/nurse/queue${query({ ...filter })}`, signal),
    refetchInterval: 5 * SECOND,
    // Only the filter changes, never the patient: the list before stays until the new one is there.
    placeholderData: (before) => before,
  });

export const searchQuery = (q: string) =>
  queryOptions({
    queryKey: ["search", q],
    queryFn: ({ signal }) => read<PatientSearch>(`/api/v1/patients${query({ q })}&limit=8`, signal),
    enabled: q.length > 0,
    staleTime: 5 * SECOND,
  });

// --- one patient: never shown under another's name ---

export interface Findings {
  patient: string;
  as_of: Time;
  findings: Answer[];
}

export const patientQuery = (id: string) =>
  queryOptions({
    queryKey: ["patient", id],
    queryFn: async ({ signal }) => belonging(id, await read<Patient>(patientPath(id), signal), (answer) => answer.id),
  });

export const findingsQuery = (id: string) =>
  queryOptions({
    queryKey: ["patient", id, "findings"],
    queryFn: async ({ signal }) => belonging(id, await read<Findings>(`${patientPath(id)}/findings`, signal), (answer) => answer.patient),
  });

export const alertsQuery = (id: string) =>
  queryOptions({
    queryKey: ["patient", id, "alerts"],
    queryFn: async ({ signal }) =>
      belonging(id, await read<PatientAlerts>(`${patientPath(id)}/alerts`, signal), ({ patient, open, history }) => [
        patient,
        ...[...open, ...history].map((item) => item.patient.id),
      ]),
  });

const patientPath = (id: string): string => `/api/v1/patients/${encodeURIComponent(id)}`;

// --- what the answers stand on ---

export const capabilityQuery = (id: string) =>
  queryOptions({
    queryKey: ["capability", id],
    queryFn: ({ signal }) => read<Capability>(`/api/v1/capabilities/${encodeURIComponent(id)}`, signal),
    staleTime: Infinity,
  });
