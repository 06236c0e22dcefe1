/** What the server says of its feeds: the contract of /api/v1/feeds and /api/v1/quarantine. */

import type { Time } from "@/api/types";

export interface Feed {
  name: string;
  label: string;
  /** The site has written a profile for this sender. */
  confirmed: boolean;
  last_at: Time;
  age_seconds: number;
  /** How long before its arrival the last message says it was sent; null where it does not say. */
  lag_seconds: number | null;
  silent_since: Time | null;
  received: number;
  quarantined: number;
  /** Messages put aside that nobody has dealt with. */
  waiting: number;
  /** Messages in each of the last 60 minutes, newest last. */
  per_minute: number[];
  per_hour: number;
  expected_per_hour: [number, number] | null;
  patience_seconds: number;
  unmapped: number;
}

export interface Feeds {
  as_of: Time;
  feeds: Feed[];
}

export interface UnmappedCode {
  code: string;
  text: string;
  unit: string;
  example: string;
  count: number;
  last_at: Time | null;
  /** The concept it most likely means, for somebody to confirm. */
  suggestion: string | null;
}

export interface Concept {
  id: string;
  name: string;
  unit: string;
}

export interface Unmapped {
  feed: string;
  codes: UnmappedCode[];
  concepts: Concept[];
}

export interface Mapping {
  code: string;
  concept: string;
  unit: string;
}

export interface Mapped {
  mapped: string;
  concept: string;
  values_read_again: number;
  messages_read_again: number;
  unreadable: number;
}

export interface Aside {
  id: number;
  recorded_at: Time;
  feed: string;
  control_id: string | null;
  code: string;
  reason: string;
  where: string;
}

export interface Quarantine {
  as_of: Time;
  messages: Aside[];
}

export interface Message {
  id: number;
  text: string;
}
