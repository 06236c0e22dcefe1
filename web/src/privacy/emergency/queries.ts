/** Records opened in an emergency, and judging them. */

import { queryOptions } from "@tanstack/react-query";
import { query, read, send } from "@/api/client";
import type { Time } from "@/api/types";

const SECOND = 1_000;
export type Verdict = "justified" | "not justified" | "asked";

export interface EmergencyAccess {
  id: string;
  patient: string;
  number: string;
  unit: string;
  person: string;
  person_roles: string[];
  person_units: string[];
  reason: string;
  note: string;
  opened_at: Time;
  until: Time;
  ended_at: Time | null;
  is_open: boolean;
  waits: boolean;
  is_yours: boolean;
  looks: { at: Time; action: string }[];
  looks_more: boolean;
  reviews: { verdict: Verdict; note: string; by: string; at: Time }[];
}

interface EmergencyAccesses {
  as_of: Time;
  waiting: number;
  items: EmergencyAccess[];
}

export const accessesQuery = queryOptions({
  queryKey: ["emergency accesses"],
  queryFn: ({ signal }) => read<EmergencyAccesses>("/api/v1/emergency-accesses", signal),
  refetchInterval: 15 * SECOND,
});

/** How many wait, for the count in the top bar. */
export const waitingQuery = queryOptions({
  queryKey: ["emergency accesses", "waiting"],
  queryFn: ({ signal }) => read<EmergencyAccesses>(`/api/v1/emergency-accesses${query({ waiting: true })}&limit=1`, signal),
  refetchInterval: 15 * SECOND,
});

export const judge = (id: string, said: { verdict: Verdict; note: string }) =>
  send<void>(`/api/v1/emergency-accesses/${encodeURIComponent(id)}/review`, said);
