/** What the server says, as types: the contract of the routes the screens use. Times are RFC 3339 with offset. */

export type Time = string;
export type Severity = "high" | "medium" | "low" | "none";

// --- who and where ---

export interface SampleUser {
  login: string;
  password: string;
  name: string;
  role: string;
  /** What this person's day looks like here, in one line. */
  sees?: string;
}

export interface Hospital {
  name: string;
  version: string;
  simulated: boolean;
  zone: string;
  sample_users: SampleUser[];
  /** What the button to the hospital's own sign-in service says; left out where there is none. */
  provider?: string;
}

export interface Person {
  id: string;
  name: string;
  roles: string[];
  /** Units they look after; empty for all. */
  units: string[];
  /** A patient's own account: the record it reaches, and no other. */
  patient?: string;
  /** "factor": they have no role here until they have shown a second factor. */
  awaited?: "factor";
}

export interface Token {
  access_token: string;
  expires_at: Time;
  person: Person;
}

// --- ward board ---

export interface UnitSummary {
  unit: string;
  label: string;
  patients: number;
  high: number;
  medium: number;
  low: number;
  unseen: number;
}

export interface Boards {
  as_of: Time;
  units: UnitSummary[];
}

export interface Mark {
  severity: Severity;
  seen: boolean;
  word: string;
}

export interface BoardAlert {
  id: string;
  tier: "page" | "worklist" | "chip";
  severity: Severity;
  summary: string;
  opened_at: Time;
  state: string;
  acknowledged_by: string | null;
  acknowledged_at: Time | null;
  escalates_at: Time | null;
  escalates_to: string[];
  action: string;
  undo_until: Time | null;
  /** How many further alerts this patient has open. */
  more: number;
}

export type Outcome = "finding" | "at_least" | "unknown" | "not_valid";

export interface Score {
  value: number | null;
  outcome: Outcome;
  words: string;
  missing: string[];
  previous: number | null;
  /** Since when the value has been what it is. */
  since: Time | null;
  as_of: Time | null;
  stale: boolean;
  provisional: boolean;
  severity: Severity;
}

export type TrendPoint = [at: Time, value: number, atLeast: boolean];

export interface Row {
  key: string;
  unit: string;
  bed: string;
  room: string;
  /** The patient's key; null for a free bed. */
  about: string | null;
  family: string;
  given: string;
  sex: string;
  age_years: number | null;
  number: string;
  needs_action: boolean;
  /** Higher comes first. */
  urgency: number;
  mark: Mark;
  alert: BoardAlert | null;
  score: Score;
  trend: TrendPoint[];
  changed: { fact: string; context: string; at: Time | null; new: boolean };
  vitals: { at: Time | null; due_at: Time | null; overdue: boolean };
  task: { text: string; due_at: Time | null; overdue: boolean } | null;
  nurse: string;
  doctor: string;
  /** A message about this patient could not be read: something may be missing. */
  gap: boolean;
  /** Why alerts of this patient are kept quiet, where they are. */
  quiet: string[];
}

export interface Totals {
  beds: number;
  in_use: number;
  high: number;
  high_unseen: number;
  medium: number;
  medium_unseen: number;
  low: number;
  low_unseen: number;
  overdue: number;
  tasks: number;
  tasks_overdue: number;
  /** Null where the site has not said how many. */
  nurses: number | null;
}

export interface FeedState {
  name: string;
  label: string;
  last_at: Time;
  age_seconds: number;
  silent_since: Time | null;
  expected_per_hour: [number, number] | null;
}

export interface OverrideReason {
  code: string;
  text: string;
  needs_comment: boolean;
  needs_until: boolean;
}

export interface Board {
  unit: string;
  label: string;
  as_of: Time;
  now: Time;
  simulated: boolean;
  headline: string;
  headline_title: string;
  headline_reference: string;
  rows: Row[];
  totals: Totals;
  feeds: FeedState[];
  not_running: { id: string; since: Time | null }[];
  override_reasons: OverrideReason[];
}

export interface BoardChange {
  now: Time;
  rows: Row[];
  gone: string[];
  totals?: Totals;
}

export interface BoardTick {
  now: Time;
  totals?: Totals;
  feeds?: FeedState[];
}

// --- queue and acts ---

export interface QueueItem {
  alert: string;
  patient: {
    id: string;
    family: string;
    given: string;
    number: string;
    age_years: number | null;
    sex: string;
    unit: string;
    bed: string;
  };
  /** The question that was answered; its reasons are the answer with the same capability and key. */
  capability: string;
  key: string;
  tier: "page" | "worklist" | "chip";
  severity: Severity;
  summary: string;
  reason: string;
  action: string;
  opened_at: Time;
  waiting_seconds: number;
  limit_seconds: number | null;
  state: string;
  seen: boolean;
  owner: string | null;
  escalates_at: Time | null;
  escalates_to: string[];
  undo_until: Time | null;
  closed_at: Time | null;
  quiet: string;
  history: { at: Time; who: string; what: string; comment: string }[];
}

export interface Queue {
  as_of: Time;
  items: QueueItem[];
  override_reasons: OverrideReason[];
}

export type ActName = "acknowledge" | "override" | "escalate" | "undo" | "shown";

export interface Act {
  alert: string;
  action: ActName;
  reason?: string;
  comment?: string;
  /** When somebody will look again, where the reason asks for it. */
  until?: Time;
}

// --- patient ---

export interface PatientLine {
  id: string;
  name: string;
  number: string;
  born: string;
  sex: string;
  unit: string;
  bed: string;
  is_in: boolean;
  /** Somebody else's patient, found by their whole number: why nothing more is said. */
  outside?: string;
}

export interface PatientSearch {
  as_of: Time;
  total: number;
  patients: PatientLine[];
}

export interface Reason {
  input: string;
  value: number | string | boolean | null;
  points: number | null;
  band: string | null;
  unit?: string;
  /** As many as the chart has. */
  decimals?: number;
  at?: Time;
  source?: string;
  event?: string;
  received?: string;
  status?: string;
}

export interface Answer {
  id: string;
  capability: string;
  version: string;
  key: string;
  outcome: Outcome | "draft" | "facts";
  value: unknown;
  unit: string;
  severity: Severity;
  summary: string;
  reason: string;
  missing: string[];
  population: string;
  standing: string;
  at: Time;
  recorded_at: Time;
  revised: boolean;
  valid_until: Time | null;
  stale: boolean;
  because: Reason[];
}

export interface Patient {
  id: string;
  as_of: Time;
  past: boolean;
  now: Time;
  family: string;
  given: string;
  born: string;
  sex: string;
  age_years: number | null;
  died: boolean;
  identifiers: { number: string; assigner: string; type: string }[];
  place: {
    is_in: boolean;
    unit: string;
    room: string;
    bed: string;
    admitted_at: Time | null;
    service: string;
    doctor: string;
    reason: string;
  };
  allergies: { text?: string; code?: string; reaction?: string; stated_at: Time }[];
  problems: { text?: string; code?: string; stated_at: Time }[];
  answers: Answer[];
}

export interface PatientAlerts {
  patient: string;
  open: QueueItem[];
  history: QueueItem[];
}

export interface Capability {
  id: string;
  title: string;
  question: string;
  version: string;
  reference: string;
  caution: string;
  standing: string;
  unit: string;
  inputs: { name: string; label: string; unit: string; within_hours: number | null; concepts: string[] }[];
}
