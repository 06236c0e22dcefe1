/** What is asked of the audit trail: entries, what in them needs somebody, and the proof that the trail is whole. */

import { queryOptions } from "@tanstack/react-query";
import { query, read, send } from "@/api/client";
import type { Time } from "@/api/types";

export interface Entry {
  id: number;
  at: Time;
  /** Id of an account; empty for somebody who did not get in. */
  who: string;
  name: string;
  roles: string[];
  client: string;
  address: string;
  purpose: string;
  action: string;
  outcome: "success" | "refused" | "failed";
  door: string;
  query: string;
  /** Key of the record it concerns, if it concerns one patient. */
  about: string;
  number: string;
  /** How many patients were shown. */
  patients: number;
  /** Of an entry that asks for somebody to act; else empty. */
  kind: string;
  detail: Record<string, string>;
}

export interface Alarm {
  kind: string;
  what: string;
  remedy: string;
}

export interface Found {
  entries: Entry[];
  /** What to do about an entry, by its number. */
  remedies: ReadonlyMap<number, Alarm>;
  trouble: string[];
  next: number | null;
}

export interface Search {
  who: string;
  about: string;
  action: string;
  outcome: string;
  since: string;
  until: string;
  /** Only what asks for somebody to act. */
  alarms: boolean;
  kind: string;
  /** The same words asked again are another search. */
  turn: number;
}

export interface Verification {
  running: { done: number; of: number } | null;
  last: {
    at: Time;
    records: number;
    heads: number;
    signed: number;
    witnessed: number | null;
    first_bad: number | null;
    problem: string;
    /** Restores that were signed, in sentences. */
    restored?: string[];
  } | null;
}

export interface Heads {
  log: string;
  public_key: string;
  records: number;
  witness: { state: "none" | "ok" | "behind"; place: string; size: number; reason: string; since: Time | null };
  heads: { size: number; at: Time; root: string }[];
}

const SECOND = 1_000;
const PAGE = 100;

/** Every search is itself recorded: it is asked when somebody asks, not while they type. */
export const entriesQuery = (search: Search, before: number) =>
  queryOptions({
    queryKey: ["audit", search, before],
    queryFn: ({ signal }) => found(search, before, signal),
    staleTime: Infinity,
    gcTime: 0,
  });

async function found({ turn, alarms, kind, ...search }: Search, before: number, signal: AbortSignal): Promise<Found> {
  const page = { ...search, limit: String(PAGE), before: before ? String(before) : "" };
  if (!alarms) {
    const { entries, next } = await read<{ entries: Entry[]; next: number | null }>(`/api/v1/audit${query(page)}`, signal);
    return { entries, next, trouble: [], remedies: new Map() };
  }
  const { events, next, trouble } = await read<{ events: (Alarm & { entry: Entry })[]; next: number | null; trouble: string[] }>(
    `/api/v1/security/events${query({ ...page, outcome: "", kind })}`,
    signal,
  );
  return {
    entries: events.map(({ entry }) => entry),
    next,
    trouble,
    remedies: new Map(events.map(({ entry, ...said }) => [entry.id, said])),
  };
}

/** The address of a file with everything found. */
export const exportAddress = ({ who, about, action, outcome, since, until }: Search, format: "csv" | "fhir"): string =>
  `/api/v1/audit/export${query({ who, about, action, outcome, since, until, format })}`;

export const actionsQuery = queryOptions({
  queryKey: ["audit", "actions"],
  queryFn: ({ signal }) => read<{ actions: string[] }>("/api/v1/audit/actions", signal),
  staleTime: 60 * SECOND,
});

export const verificationQuery = queryOptions({
  queryKey: ["audit", "verify"],
  queryFn: ({ signal }) => read<Verification>("/api/v1/audit/verify", signal),
  refetchInterval: ({ state }) => (state.data?.running ? SECOND : false),
});

export const beginVerification = (): Promise<Verification> => send<Verification>("/api/v1/audit/verify", {});

export const headsQuery = queryOptions({
  queryKey: ["audit", "heads"],
  queryFn: ({ signal }) => read<Heads>("/api/v1/audit/heads?limit=5", signal),
  refetchInterval: 60 * SECOND,
});
