/** What the server says of itself, its accounts and its audit trail. */

import type { Time } from "@/api/types";
import type { Feed } from "@/feeds/types";

export interface Destination {
  name: string;
  state: "ok" | "waiting";
  since: Time | null;
  reason: string;
  sent: number;
}

export interface Dependencies {
  log: { state: "ok" | "full" | "broken" | "damaged"; files: number; bytes: number; damaged: string[] };
  audit: { state: "ok" | "failing"; since: Time | null };
  disk: { state: "ok" | "tight"; free_bytes: number; total_bytes: number };
  mllp: {
    state: "ok" | "off";
    connections?: number;
    refused_connections?: number;
    skipped_bytes?: number;
    abandoned_messages?: number;
  };
  downtime_pages: { state: "ok" | "failing"; reason: string };
  backup: { state: "ok" | "late"; age_seconds: number | null; drill_age_seconds: number | null; reason: string };
  destinations: Destination[];
}

export interface Health {
  as_of: Time;
  version: string;
  started_at: Time;
  status: "ok" | "degraded";
  /** One sentence each, the worst first. */
  problems: string[];
  dependencies: Dependencies;
  engine: {
    steps: number;
    patients: number;
    timelines_in_memory: number;
    due: number;
    received: number;
    duplicates: number;
    quarantined: number;
    turns: number;
    loop_lag_ms: number;
  };
  feeds: Feed[];
  capabilities: { id: string; state: "ok" | "not watched"; since: Time | null }[];
  not_running: { module: string; reason: string }[];
}

export interface Channel {
  /** A role's phone, a team, or a person, as the site's contacts name it. */
  contact: string;
  name: string;
  /** Roles of the policy in force that are told this way. */
  roles: string[];
  tries: number;
  confirm_within_seconds: number | null;
}

export interface Channels {
  channels: Channel[];
  /** Roles of the policy in force that no channel reaches. */
  without: string[];
}

export interface Tested {
  outcome: "sent" | "received" | "failed";
  detail: string;
}

export interface Account {
  id: string;
  login: string;
  name: string;
  roles: string[];
  /** Units they look after; empty for all. */
  units: string[];
  state: "open" | "locked" | "closed";
  kind: "person" | "service";
  /** Second factors they have, by kind. */
  factors: ("app" | "passkey" | "recovery")[];
}

export interface NewAccount {
  login: string;
  name: string;
  /** Left out for programs. */
  password?: string;
  roles: string[];
  units: string[];
  kind: "person" | "service";
}

/** What a program comes in with. */
export interface ApiKey {
  id: string;
  account: string;
  account_name: string;
  name: string;
  /** Actions of the access policy. */
  scopes: string[];
  units: string[];
  /** Networks it may come from; empty for any. */
  addresses: string[];
  made_at: Time;
  made_by: string;
  ends_at: Time;
  used_at?: Time;
  state: "open" | "expired" | "ended";
}

export interface ApiKeys {
  keys: ApiKey[];
  /** What a key can be made for, in words. */
  actions: Record<string, string>;
}

export interface NewApiKey {
  account: string;
  name: string;
  scopes: string[];
  ends_at: Time;
  addresses: string[];
}

export type AccountChange = Partial<{ name: string; password: string; roles: string[]; units: string[]; active: boolean }>;

export interface Device {
  id: string;
  device: string;
  started_at: Time;
  seen_at: Time;
  current: boolean;
}

/** Something that people must look into. */
export interface Incident {
  id: string;
  at: string;
  what: string;
  detail: string;
  patient: string;
  name: string;
  number: string;
  unit: string;
  bed: string;
  seen_by: string[];
  other: string;
}
