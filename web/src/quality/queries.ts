/** The questions of the quality page. Counting goes on at the server; the page asks how far it is. */

import { queryOptions } from "@tanstack/react-query";
import { query, read, send } from "@/api/client";
import type { AuditSupport, QualityMetrics } from "@/quality/types";

const A_SECOND = 1_000;
const PATH = "/api/v1/clinical/quality-metrics";

export const measuresQuery = (period: string) =>
  queryOptions({
    queryKey: ["quality", period],
    queryFn: ({ signal }) => read<QualityMetrics>(`${PATH}${query({ period })}`, signal),
    refetchInterval: ({ state }) => (state.data?.state === "running" ? A_SECOND : false),
    staleTime: Infinity,
  });

/** Begin the count again; `measuresQuery` then says how far it is. */
export const countAgain = (period: string): Promise<QualityMetrics> => read<QualityMetrics>(`${PATH}${query({ period, again: true })}`);

export interface Wanted {
  measure: string;
  period: string;
  population: string;
  offset: number;
}

/** Who is in a population and why. Opening it is recorded for each patient, so it is asked once. */
export const membersQuery = (wanted: Wanted) =>
  queryOptions({
    queryKey: ["quality members", wanted],
    queryFn: ({ signal }) => send<AuditSupport>("/api/v1/clinical/audit-support", wanted, signal),
    staleTime: Infinity,
    gcTime: 0,
    placeholderData: (before) => (before?.measure === wanted.measure && before.population === wanted.population ? before : undefined),
  });
