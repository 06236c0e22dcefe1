/** What the doors of cases, reports and dictation answer. */

import type { Time } from "@/api/types";

export type Branch = "oncology" | "pulmonology" | "cardiology" | "neurology" | "general";
export type Stage = "intake" | "imaging" | "evidence" | "report" | "signed" | "closed";

export interface CaseLine {
  case: string;
  patient: string;
  study: string;
  prior_study: string;
  branch: Branch;
  question: string;
  stage: Stage;
  opened_at: Time;
  opened_by: string;
  moved_at: Time;
  /** Id of its report; "" while there is none. */
  report: string;
  /** A report of it that was signed and is not valid any more, or for now. */
  not_valid: { report: string; why: string } | null;
}

export interface Withdrawn {
  at: Time;
  by: string;
  reason: string;
  /** Its study is another patient's. */
  misplaced: boolean;
}

export type ReportState = "draft" | "signed" | "waiting" | "withdrawn";

export interface ReportLine {
  report: string;
  patient: string;
  title: string;
  state: ReportState;
  at: Time;
  by: string;
  withdrawn: Withdrawn | null;
}

export interface CheckItem {
  item: string;
  title: string;
  needed: boolean;
  state: "open" | "known" | "answered";
  value: string;
  known_from: "chart" | "study" | "person" | "";
}

export interface Case extends CaseLine {
  checklist: CheckItem[];
  /** Guideline cards of what the patient has. */
  evidence: { id: string; title: string }[];
  history: { stage: Stage; at: Time; by: string; note: string }[];
  may: { write: boolean };
}

export interface Sentence {
  id: string;
  /** As it is kept: numbers stand as placeholders like {L1.suv_peak}. */
  text: string;
  /** As it is read: with the numbers in. */
  shown: string;
  /** The lesions it speaks of. */
  keys: string[];
  problems: string[];
}

export interface Section {
  id: string;
  title: string;
  needed: boolean;
  sentences: Sentence[];
}

export interface Measurement {
  key: string;
  id: string;
  name: string;
  value: number | string | null;
  unit: string;
  shown: string;
  prior: string;
  change: string;
  placeholder: string;
}

export interface OpenItem {
  code: string;
  section: string;
  sentence: string;
  key: string;
  message: string;
}

export interface Report {
  as_of: Time;
  report: string;
  case: string;
  study: string;
  patient: string;
  branch: Branch;
  title: string;
  state: ReportState;
  version: number;
  saved_at: Time;
  saved_by: string;
  sections: Section[];
  measurements: Measurement[];
  confirmed: string[];
  critical: boolean;
  /** Must be empty to sign. */
  open: OpenItem[];
  signatures: { version: number; at: Time; by: string; digest: string; addendum: boolean; critical: boolean }[];
  text: string;
  withdrawn: Withdrawn | null;
  may: { write: boolean; sign: boolean; withdraw: boolean };
}

export interface Saving {
  version: number;
  sections: { id: string; sentences: { id?: string; text: string; keys: string[] }[] }[];
  confirmed: string[];
}

export interface DictationState {
  ready: boolean;
  reason: string;
  language: string;
}

export interface Dictated {
  text: string;
  segments: { begins: number; ends: number; text: string; doubtful: boolean }[];
}
