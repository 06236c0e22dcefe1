/** The questions about Wardline itself, and what administrators do about accounts. */

import { queryOptions } from "@tanstack/react-query";
import { read, remove, replace, send } from "@/api/client";
import type {
  Account,
  AccountChange,
  ApiKey,
  ApiKeys,
  Channel,
  Channels,
  Device,
  Health,
  Incident,
  NewAccount,
  NewApiKey,
  Tested,
} from "@/system/types";

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

export const addAccount = (account: NewAccount): Promise<Account> => send<Account>("/api/v1/users", account);

export const changeAccount = (id: string, change: AccountChange): Promise<Account> => replace<Account>(path(id), change);

export const removeFactors = (account: string): Promise<void> => remove(`${path(account)}/factors`);

export const apiKeysQuery = queryOptions({
  queryKey: ["api-keys"],
  queryFn: ({ signal }) => read<ApiKeys>("/api/v1/api-keys", signal),
});

/** The secret is in this answer and nowhere else. */
export const makeApiKey = (key: NewApiKey): Promise<{ key: ApiKey; secret: string }> => send("/api/v1/api-keys", key);

export const endApiKey = (id: string): Promise<void> => remove(`/api/v1/api-keys/${encodeURIComponent(id)}`);

export const endSession = (id: string): Promise<void> => remove(`/api/v1/auth/sessions/${encodeURIComponent(id)}`);

export const endSessions = (account: string): Promise<void> => remove(`${path(account)}/sessions`);

const path = (account: string): string => `/api/v1/users/${encodeURIComponent(account)}`;
