/** The questions about Wardline itself, and what administrators do about accounts. */

import { queryOptions } from "@tanstack/react-query";
import { query, read, send } from "@/api/client";
import { problemIn } from "@/api/problem";
import { session } from "@/api/session";
import type { Account, AccountChange, AuditEntry, Channel, Channels, Device, Health, Incident, NewAccount, Tested } from "@/system/types";

const SECOND = 1_000;

export const healthQuery = queryOptions({
  queryKey: ["health"],
  queryFn: ({ signal }) => read<Health>("/health/detail", signal),
  refetchInterval: 5 * SECOND,
});

export const channelsQuery = queryOptions({
  queryKey: ["channels"],
  queryFn: ({ signal }) => read<Channels>("/api/v1/notifications/channels", signal),
  retry: false,
});

/** A message that says it is a test. */
export const testChannel = ({ contact, name }: Channel): Promise<Tested> =>
  send<Tested>(`/api/v1/notifications/channels/${encodeURIComponent(contact)}/${encodeURIComponent(name)}/test`, {});

export const incidentsQuery = queryOptions({
  queryKey: ["incidents"],
  queryFn: ({ signal }) => read<{ as_of: string; items: Incident[] }>("/api/v1/incidents", signal),
  refetchInterval: 60 * SECOND,
});

export const concludeIncident = (id: string, note: string): Promise<void> =>
  send<void>(`/api/v1/incidents/${encodeURIComponent(id)}/conclude`, { note });

export const accountsQuery = queryOptions({
  queryKey: ["accounts"],
  queryFn: ({ signal }) => read<Account[]>("/api/v1/users", signal),
});

export const devicesQuery = (account: string) =>
  queryOptions({
    queryKey: ["accounts", account, "sessions"],
    queryFn: ({ signal }) => read<Device[]>(`${path(account)}/sessions`, signal),
  });

export interface AuditSearch {
  who: string;
  about: string;
  limit: number;
  /** The same words asked again are another search. */
  turn: number;
}

/** Every search is itself recorded: it is asked when somebody asks, not while they type. */
export const auditQuery = ({ who, about, limit, turn }: AuditSearch) =>
  queryOptions({
    queryKey: ["audit", who, about, limit, turn],
    queryFn: ({ signal }) => read<{ entries: AuditEntry[] }>(`/api/v1/audit${query({ who, about, limit: String(limit) })}`, signal),
    staleTime: Infinity,
    gcTime: 0,
  });

export const addAccount = (account: NewAccount): Promise<Account> => send<Account>("/api/v1/users", account);

export async function changeAccount(id: string, change: AccountChange): Promise<Account> {
  const response = await session.fetch(path(id), {
    method: "PUT",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(change),
  });
  if (!response.ok) throw await problemIn(response);
  return (await response.json()) as Account;
}

export const endSession = (id: string): Promise<void> => remove(`/api/v1/auth/sessions/${encodeURIComponent(id)}`);

export const endSessions = (account: string): Promise<void> => remove(`${path(account)}/sessions`);

async function remove(what: string): Promise<void> {
  const response = await session.fetch(what, { method: "DELETE" });
  if (!response.ok) throw await problemIn(response);
}

const path = (account: string): string => `/api/v1/users/${encodeURIComponent(account)}`;
