/** What the policy's routes answer: the policy in force, what a draft comes to, proposals, and what a replay of the past says. */

import type { Severity, Time } from "@/api/types";

export interface Slider {
  path: string;
  label: string;
  detail: string;
  severity: Severity;
  kind: "threshold" | "minutes" | "readings";
  value: number;
  low: number;
  high: number;
  step: number;
  unit: string;
}

export interface Objection {
  where: string;
  sentence: string;
}

export interface Proposal {
  id: string;
  version: string;
  text: string;
  note: string;
  proposed_at: Time;
  approved_by: string[];
}

export interface WaitingProposal extends Proposal {
  signed_by_you: boolean;
}

export interface Approval extends Proposal {
  in_force: boolean;
}

export interface Policy {
  as_of: Time;
  version: string;
  title: string;
  text: string;
  sliders: Slider[];
  objections: Objection[];
  /** How many people must sign. */
  signatures: number;
  proposals: WaitingProposal[];
}

/** A draft, read by the server. */
export interface Checked {
  version: string;
  text: string;
  sliders: Slider[];
  objections: Objection[];
}

export interface Burden {
  policy: string;
  since: Time | null;
  until: Time | null;
  patients: number;
  patient_days: number;
  nurse_hours: number | null;
  units_without_nurses: string[];
  pages: number;
  pages_per_patient_day: number | null;
  pages_per_nurse_hour: number | null;
  worklist_per_patient_day: number | null;
  chips_per_patient_day: number | null;
  escalations: number;
  outcomes: number;
  found: number;
  /** Share and its 95 % interval. */
  sensitivity: [share: number, low: number, high: number] | null;
  lead_time_seconds: number | null;
  pages_followed: number;
  pages_counted: number;
  quiet: { reason: string; count: number }[];
  /** Pages in each local hour of the day. */
  hour_of_day: number[];
  assumption: string;
}

/** "level": it goes out at the same moment, more or less urgent. */
export type Kind = "gone" | "later" | "earlier" | "level" | "new";

export interface Difference {
  kind: Kind;
  why: string;
  at: Time;
  patient: string;
  capability: string;
  key: string;
  by_seconds: number | null;
  outcome: { what: string; at: Time } | null;
}

export interface OutcomeOf {
  patient: string;
  at: Time;
  what: string;
}

export interface Simulated {
  today: Burden;
  proposed: Burden;
  counts: Record<Kind, number>;
  reasons: { kind: Kind; why: string; count: number }[];
  /** The first 500. */
  differences: Difference[];
  lost: OutcomeOf[];
  gained: OutcomeOf[];
}

// --- what alerts have been to people, counted from the log ---

export interface AlertCounts {
  alerts: number;
  /** Times that people were interrupted. */
  pages: number;
  acknowledged: number;
  overridden: number;
  escalated: number;
  withdrawn: number;
  ended_unanswered: number;
  median_answer_seconds: number | null;
  /** Nine answers of ten came within this time; null where there are too few to say. */
  slow_answer_seconds: number | null;
}

export interface AlertBurden {
  since: Time | null;
  until: Time | null;
  /** Empty for all. */
  unit: string;
  patient_days: number;
  alerts_per_patient_day: number | null;
  pages_per_patient_day: number | null;
  /** Of one unit, where the policy says how many nurses it has. */
  pages_per_nurse_hour: number | null;
  total: AlertCounts;
  by_capability: (AlertCounts & { capability: string })[];
  override_reasons: { code: string; text: string; count: number }[];
  /** The channel is empty where no channel reached anybody. */
  deliveries: { channel: string; outcome: string; count: number }[];
}

/** One capability's cards at one hook of an EHR. */
export interface AdviceLine {
  capability: string;
  title: string;
  hook: string;
  shown: number;
  accepted: number;
  overridden: number;
  reasons: readonly { code: string; text: string; count: number }[];
}

export interface AdviceGiven {
  as_of: string;
  advice: readonly AdviceLine[];
}
