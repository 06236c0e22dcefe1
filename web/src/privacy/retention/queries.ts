/** What is asked about retention and erasure, and what is decided there. */

import { queryOptions } from "@tanstack/react-query";
import { read, send } from "@/api/client";
import { problemIn } from "@/api/problem";
import { session } from "@/api/session";

const PATH = "/api/v1/privacy";

export interface Check {
  name: string;
  passed: boolean;
  sentence: string;
  basis: string;
}

export interface PersonAsked {
  id: string;
  name: string;
  number: string;
  born: string;
  records: number;
  checks: Check[];
}

export interface Erasure {
  id: string;
  state: "waiting" | "refused" | "withdrawn" | "done";
  ground: string;
  ground_words: string;
  asked_at: string;
  asked_by: string;
  asked_by_you: boolean;
  basis: string;
  closed_at: string | null;
  closed_by: string;
  keys: number;
  persons: PersonAsked[];
}

export interface Hold {
  id: string;
  patient: string;
  name: string;
  number: string;
  reason: string;
  since: string;
  by: string;
}

export interface Rule {
  kind: "patient" | "audit" | "session";
  says: string;
  keep_years: number | null;
  minors_until_age: number | null;
  basis: string;
}

export interface Retention {
  as_of: string;
  rules: { owner: string; version: string; date: string; signed_by: string; jurisdiction: string; rules: Rule[] };
  suggestions: {
    jurisdiction: string;
    kind: string;
    keep_years: number;
    minors_until_age: number | null;
    basis: string;
    standing: string;
    note: string;
  }[];
  erasures: Erasure[];
  holds: Hold[];
  register: { path: string; entries: number; last_at: string | null; beside_the_data: boolean };
  backup: {
    at: string;
    age_seconds: number;
    place: string;
    keys: string;
    keys_at: string | null;
    keys_are_old: boolean;
    messages: number;
    damaged: number;
    bytes: number;
    seconds: number;
  } | null;
  drill: { at: string; age_seconds: number; messages: number; erased_again: number; seconds: number } | null;
  grounds: Record<string, string>;
}

export interface Over {
  as_of: string;
  total: number;
  persons: { id: string; name: string; number: string; born: string; last_contact: string; records: number }[];
}

export interface Found extends PersonAsked {
  kept_until: string;
  holds: Hold[];
}

export const retentionQuery = queryOptions({
  queryKey: ["retention"],
  queryFn: ({ signal }) => read<Retention>(`${PATH}/retention`, signal),
  refetchInterval: 30_000,
});

/** Reads the whole log, so it is asked when somebody wants to know. */
export const overQuery = queryOptions({
  queryKey: ["retention over"],
  queryFn: ({ signal }) => read<Over>(`${PATH}/retention/over`, signal),
  staleTime: Infinity,
});

export const find = (number: string): Promise<Found> => send<Found>(`${PATH}/find`, { number });

export const askBatch = (persons: string[]): Promise<Erasure> => send<Erasure>(`${PATH}/retention/batches`, { persons });

export const approve = (id: string): Promise<Erasure> => send<Erasure>(`${PATH}/erasures/${encodeURIComponent(id)}/approve`, {});

export const hold = (patient: string, reason: string): Promise<Hold> =>
  send<Hold>(`/api/v1/patients/${encodeURIComponent(patient)}/holds`, { reason });

export const askErasure = (patient: string, ground: string): Promise<Erasure | undefined> =>
  remove<Erasure>(`/api/v1/patients/${encodeURIComponent(patient)}?ground=${encodeURIComponent(ground)}`);

export const withdraw = (id: string): Promise<void> => remove(`${PATH}/erasures/${encodeURIComponent(id)}`);

export const endHold = (id: string): Promise<void> => remove(`${PATH}/holds/${encodeURIComponent(id)}`);

async function remove<T = void>(path: string): Promise<T> {
  const response = await session.fetch(path, { method: "DELETE" });
  if (!response.ok) throw await problemIn(response);
  return (response.status === 204 ? undefined : await response.json()) as T;
}
