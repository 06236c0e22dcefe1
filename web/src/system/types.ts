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
}

export interface NewAccount {
  login: string;
  name: string;
  password: string;
  roles: string[];
  units: string[];
}

export type AccountChange = Partial<{ name: string; password: string; roles: string[]; units: string[]; active: boolean }>;

export interface Device {
  id: string;
  device: string;
  started_at: Time;
  seen_at: Time;
  current: boolean;
}

export interface AuditEntry {
  id: number;
  at: Time;
  /** Id of an account; empty for somebody who did not get in. */
  who: string;
  name: string;
  action: string;
  /** Key of the record it concerns, if it concerns a patient. */
  about: string;
  number: string;
  detail: Record<string, string>;
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
