/** A medication review as the API answers it. */

import type { Severity, Time } from "@/api/types";

export type Kind =
  | "interaction"
  | "allergy"
  | "duplicate"
  | "dose"
  | "kidney"
  | "liver"
  | "heart_rhythm"
  | "pregnancy"
  | "lactation"
  | "monitoring"
  | "laboratory"
  | "disease";

export interface ReviewedDrug {
  what: string;
  order: string;
  substances: string[];
  dose: string;
  route: string;
  frequency: string;
  since: Time | null;
  is_new: boolean;
}

export interface Reason {
  what: string;
  value: string;
  effect: "" | "worse" | "better";
}

export interface DrugProblem {
  kind: Kind;
  key: string;
  drugs: string[];
  orders: string[];
  severity: Severity;
  tier: "interrupt" | "passive" | "silent";
  summary: string;
  mechanism: string;
  management: string;
  nurse: string;
  instead: string[];
  reasons: Reason[];
  source: string;
  standing: "verified" | "provisional";
  is_new: boolean;
  tolerated_days: number | null;
}

export interface MedicationReview {
  patient: string;
  as_of: Time;
  restricted: number;
  drugs: ReviewedDrug[];
  problems: DrugProblem[];
  unrecognised: string[];
  unrecognised_allergies: string[];
  not_checked: { drug: string; needs: string }[];
  allergies_known: boolean;
  egfr: number | null;
  creatinine_clearance: number | null;
  /** Only of a what-if: keys of problems ("kind:key") that it brings or ends. */
  new_problems?: string[];
  solved_problems?: string[];
}
