/** Opening somebody else's patient in an emergency, and closing the record again. */

import { queryOptions } from "@tanstack/react-query";
import { read, send } from "@/api/client";
import { problemIn } from "@/api/problem";
import { session } from "@/api/session";
import type { Time } from "@/api/types";

export interface EmergencyTerms {
  reasons: { code: string; text: string; needs_note: boolean }[];
  /** For how long a record is then open. */
  minutes: number;
}

export const termsQuery = queryOptions({
  queryKey: ["emergency terms"],
  queryFn: ({ signal }) => read<EmergencyTerms>("/api/v1/emergency-access", signal),
  staleTime: Infinity,
});

const path = (patient: string): string => `/api/v1/patients/${encodeURIComponent(patient)}/emergency-access`;

export const openInEmergency = (patient: string, said: { reason: string; note: string }) =>
  send<{ id: string; until: Time }>(path(patient), said);

export async function endEmergency(patient: string): Promise<void> {
  const response = await session.fetch(path(patient), { method: "DELETE" });
  if (!response.ok) throw await problemIn(response);
}
