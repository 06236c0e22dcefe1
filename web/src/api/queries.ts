/** The questions that several screens ask, with how long an answer counts as fresh. Those about one patient stand in patient/queries.ts. */

import { queryOptions } from "@tanstack/react-query";
import { query, read, send } from "@/api/client";
import type { Boards, Capability, Hospital, PatientSearch, Queue } from "@/api/types";
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
    // In the body: an address stays in histories and logs.
    queryFn: ({ signal }) => send<PatientSearch>("/api/v1/patients/search", { q, limit: 8 }, signal),
    enabled: q.length > 0,
    staleTime: 5 * SECOND,
  });

// --- what the answers stand on ---

export const capabilityQuery = (id: string) =>
  queryOptions({
    queryKey: ["capability", id],
    queryFn: ({ signal }) => read<Capability>(`/api/v1/capabilities/${encodeURIComponent(id)}`, signal),
    staleTime: Infinity,
  });
