/** What is asked about keys and certificates. */

import { queryOptions } from "@tanstack/react-query";
import { read, send } from "@/api/client";

const MINUTE = 60_000;

export interface Key {
  name: string;
  protects: string;
  version: number;
  kept: number;
  made_at: string | null;
  origin: "file" | "key service" | "environment";
}

export interface Certificate {
  place: string;
  file: string;
  state: "ok" | "expiring" | "expired" | "not valid yet" | "unusable";
  problem: string;
  subject: string | null;
  names: string[];
  issuer: string | null;
  not_before: string | null;
  not_after: string | null;
  fingerprint: string | null;
}

export const keysQuery = queryOptions({
  queryKey: ["keys"],
  queryFn: ({ signal }) => read<{ keys: Key[]; patients: number }>("/api/v1/keys", signal),
});

export const certificatesQuery = queryOptions({
  queryKey: ["certificates"],
  queryFn: ({ signal }) => read<{ now: string; warned_days: number[]; certificates: Certificate[] }>("/api/v1/certificates", signal),
  refetchInterval: MINUTE,
});

export const renewKey = (name: string): Promise<Key> => send<Key>(`/api/v1/keys/${encodeURIComponent(name)}/rotate`, {});
