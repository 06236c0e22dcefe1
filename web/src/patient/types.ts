/** What the server says about one patient over time: rows of values, scores, orders, doses and events. */

import type { Outcome, Patient, Severity, Time } from "@/api/types";

/** One observation as it stands. What does not apply is left out. */
export interface Point {
  id: string;
  at: Time;
  /** Text where the number must not be scored (implausible, no unit), or where the answer is a code. */
  value: number | string | null;
  source: string;
  comparator?: string;
  flags?: string[];
  /** Value and unit as sent, where they differ from ours. */
  received?: string;
  range?: string;
  abnormal?: string;
  by?: string;
  status?: string;
  preliminary?: boolean;
  /** When we knew it, where that was more than a minute later. */
  recorded_at?: Time;
}

export interface Series {
  name: string;
  label: string;
  group: string;
  unit: string;
  decimals: number;
  usual: [number, number] | null;
  /** False while nobody has said what the sender's code means. */
  mapped: boolean;
  points: Point[];
  last: Point | null;
}

export type Removed = Point & { name: string };

export interface Pending {
  name: string;
  order: string;
  at: Time;
}

export interface ScorePoint {
  at: Time;
  value: number | string | null;
  outcome: Outcome;
  severity: Severity;
  revised_at?: Time;
}

export interface ScoreSeries {
  capability: string;
  key: string;
  points: ScorePoint[];
}

interface Dated {
  id: string;
  at: Time;
  recorded_at: Time;
  source: string;
}

export interface Order extends Dated {
  order: string;
  what: string;
  /** As its sender says it: a code of HL7 table 0119, or a word of FHIR. */
  status: string;
  /** It does not run any more. */
  ended: boolean;
  category: string;
  dose: string;
  route: string;
  frequency: string;
  starts_at: Time | null;
  orderer: string;
}

export interface Given extends Dated {
  order: string;
  what: string;
  dose: string;
  route: string;
}

export interface Note extends Dated {
  document: string;
  title: string;
  text: string;
  status: string;
  media_type: string;
  author: string;
}

export interface Appointment extends Dated {
  what: string;
  status: string;
  starts_at: Time | null;
}

export interface Movement extends Dated {
  kind: "Admitted" | "Transferred" | "Discharged" | "Cancelled";
  unit?: string;
  bed?: string;
  what?: string;
}

export interface TimelineAnswer {
  patient: string;
  since: Time;
  as_of: Time;
  measured: Series[];
  removed: Removed[];
  pending: Pending[];
  scores: ScoreSeries[];
  orders: Order[];
  given: Given[];
  documents: Note[];
  appointments: Appointment[];
  movements: Movement[];
  /** How much was recorded only after the moment shown, by kind. */
  hidden?: Record<string, number>;
}

/** The patient with what only this page shows. */
/** That whoever looks has this record open in an emergency. */
export interface OpenEmergency {
  id: string;
  until: Time;
  /** When the answer was made. */
  seconds_left: number;
}

export interface WholePatient extends Patient {
  /** Parts the role may not read: they are not there, whatever stands below. */
  left_out: string[];
  /** How many facts are hidden from whoever asks, of those whose existence may be known. */
  restricted: number;
  emergency: OpenEmergency | null;
  problems: { text?: string; code?: string; system?: string; status?: string; issued_at?: Time; stated_at: Time }[];
  allergies: { text?: string; code?: string; reaction?: string; severity?: string; category?: string; stated_at: Time }[];
  gaps: { message: number; reason: string; since: Time }[];
  disputes: { what: string; values: string[]; other: string }[];
  overdue: { what: string; due_at: Time }[];
  assigned: Record<string, string>;
  /** The capability that heads the page: the score of the ward board. */
  headline: string;
  not_running: Record<string, { since: Time; reason: string }>;
}
