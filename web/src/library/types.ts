/** What the library's routes answer: capabilities with their inputs, charts and cases, and an answer that is not kept. */

import type { Outcome, Severity, Time } from "@/api/types";

export interface CapabilityLine {
  id: string;
  title: string;
  question: string;
  version: string;
  digest: string;
  about: "patient" | "encounter" | "study";
  reference: string;
  not_for: string;
  caution: string;
  additive: boolean;
  standing: "verified" | "provisional";
  unit: string;
  live: boolean;
  area: string;
  cases_passed: number;
  cases_total: number;
  not_watched_since: Time | null;
}

export interface Library {
  capabilities: CapabilityLine[];
  not_running: { module: string; reason: string }[];
}

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

export interface Input {
  name: string;
  kind:
    | "latest"
    | "series"
    | "readings"
    | "age"
    | "sex"
    | "site"
    | "given"
    | "finding"
    | "has"
    | "conditions"
    | "medications"
    | "doses"
    | "allergies"
    | "procedures"
    | "vaccinations"
    | "moment"
    | "born"
    | "resources"
    | "volume"
    | "stacks"
    | "earlier"
    | "model"
    | "models";
  type: string;
  concepts: string[];
  diseases: string[];
  label: string;
  unit: string;
  loinc: string[];
  within_hours: number | null;
  required: boolean;
  default: Json;
  answers: string[] | null;
  plausible: [number, number] | null;
}

export interface Case {
  name: string;
  source: string;
  given: Record<string, Json>;
  expect: Record<string, Json>;
  difference: string;
  passed: boolean;
}

export interface Band {
  from: number | null;
  to: number | null;
  points: number;
  label: string;
}

export interface Code {
  answer: string | number | boolean;
  points: number;
  label: string;
}

export type Table =
  | { kind: "bands"; step: number; bands: Band[] }
  | { kind: "codes"; codes: Code[] }
  | { kind: "choice"; by: string; tables: ({ answer: string | number | boolean } & Table)[] };

export type ChartTable = { input: string } & Table;

export interface WholeCapability extends CapabilityLine {
  inputs: Input[];
  chart: ChartTable[] | null;
  cases: Case[];
}

export interface AssessedReason {
  input: string;
  value?: string | number | boolean | null;
  points?: number;
  band?: string;
}

/** An answer to a question that was only tried; keys that do not apply are left out. */
export interface Assessed {
  outcome: Outcome | "several" | "draft" | "refused";
  key?: string;
  value?: Json;
  unit?: string;
  severity?: Severity;
  summary?: string;
  because?: AssessedReason[];
  suggestions?: { text: string; within_minutes?: number }[];
  missing?: string[];
  at_most?: number;
  reason?: string;
  population?: string;
  answers?: Assessed[];
}

export type Question = Record<string, Json>;
