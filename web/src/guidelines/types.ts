/** What the guideline doors answer. */

import type { Time } from "@/api/types";

export type Standing = "verified" | "provisional";

export interface GuidelineLine {
  id: string;
  title: string;
  question: string;
  population: string;
  standing: Standing;
  origin: "house" | "site";
  steps: number;
  bodies: string[];
}

export interface Medicine {
  substance: string;
  dose: string;
  route: string;
  note: string;
}

export interface Step {
  id: string;
  do: string;
  why: string;
  within: string;
  minutes: number | null;
  when: string;
  unless: string;
  done: string;
  medicines: Medicine[];
  source: string;
  strength: string;
  evidence: string;
}

export interface Watch {
  what: string;
  often: string;
  source: string;
  why: string;
}

export interface Source {
  id: string;
  body: string;
  title: string;
  year: number;
  read: boolean;
  reference: string;
}

export interface Guideline {
  id: string;
  title: string;
  question: string;
  population: string;
  version: string;
  standing: Standing;
  origin: "house" | "site";
  owner: string;
  caution: string;
  codes: string[];
  criteria: { name: string; text: string }[];
  steps: Step[];
  monitoring: Watch[];
  follow_up: Watch[];
  sources: Source[];
}

export interface Reason {
  input: string;
  value: number | string | null;
  band: string;
}

export interface JudgedCriterion {
  name: string;
  text: string;
  met: boolean | null;
  because: Reason[];
  missing: string[];
}

export type StepState = "due" | "done" | "avoid" | "not for this patient" | "open";

export interface JudgedStep {
  id: string;
  state: StepState;
  why: string;
  because: Reason[];
  missing: string[];
}

export interface Fitting {
  id: string;
  title: string;
  standing: Standing;
  met: boolean | null;
  criteria: JudgedCriterion[];
  missing: string[];
  due: number;
}

export interface FittingGuidelines {
  patient: string;
  as_of: Time;
  restricted: number;
  guidelines: Fitting[];
}

export interface AppliedGuideline {
  patient: string;
  as_of: Time;
  restricted: number;
  guideline: Guideline;
  met: boolean | null;
  criteria: JudgedCriterion[];
  steps: JudgedStep[];
  questions: { key: string; question: string; answer: boolean | null }[];
}
