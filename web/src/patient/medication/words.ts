/** How the review speaks: its columns, its marks, what a problem is called. */

import type { DrugProblem, Kind, MedicationReview, ReviewedDrug } from "@/patient/medication/types";

export interface Column {
  title: string;
  kinds: readonly Kind[];
}

/** The checks, in the order in which a pharmacist asks. */
export const COLUMNS: readonly Column[] = [
  { title: "Allergy", kinds: ["allergy"] },
  { title: "Other drugs", kinds: ["interaction", "duplicate"] },
  { title: "Dose", kinds: ["dose"] },
  { title: "Kidneys, liver", kinds: ["kidney", "liver"] },
  { title: "Rhythm", kinds: ["heart_rhythm"] },
  { title: "Pregnancy", kinds: ["pregnancy", "lactation"] },
  { title: "Diagnosis, result", kinds: ["disease", "laboratory"] },
  { title: "Test due", kinds: ["monitoring"] },
];

/** Under which check something missing leaves a gap; a result that is none of these is one of the laboratory. */
const NEEDED: Record<string, string> = {
  eGFR: "Kidneys, liver",
  "creatinine clearance": "Kidneys, liver",
  pregnancy: "Pregnancy",
  breastfeeding: "Pregnancy",
  "daily dose": "Dose",
  "how often": "Dose",
  weight: "Dose",
  age: "Dose",
};

/** Why nothing can be said about a drug under a check; empty where it was checked. */
export function gap(review: MedicationReview, drug: ReviewedDrug, column: Column): string {
  if (column.title === "Allergy" && !review.allergies_known) return "not checked: nothing is recorded about allergies";
  const needs = review.not_checked
    .filter((each) => drug.substances.includes(each.drug) && (NEEDED[each.needs] ?? "Diagnosis, result") === column.title)
    .map((each) => each.needs);
  return needs.length ? `not fully checked, not known: ${[...new Set(needs)].join(", ")}` : "";
}

export const KIND_WORDS: Record<Kind, string> = {
  allergy: "Allergy",
  interaction: "Interaction",
  duplicate: "Given twice",
  dose: "Dose",
  kidney: "Kidneys",
  liver: "Liver",
  heart_rhythm: "Heart rhythm",
  pregnancy: "Pregnancy",
  lactation: "Breastfeeding",
  disease: "Diagnosis",
  laboratory: "Result",
  monitoring: "Test due",
};

export const SEVERITY_WORDS = { high: "Severe", medium: "Act", low: "Know", none: "Nothing" } as const;

/** One question of the review: a problem keeps it while drugs come and go. */
export const question = (problem: DrugProblem): string => `${problem.kind}:${problem.key}`;

/** Its place on the page; two orders of one drug have one each. */
export const placeOf = (problem: DrugProblem): string => [problem.kind, problem.key, ...problem.orders].join(" ");

/** "2 severe, 1 to act on" and so on; what is only recalled is counted apart. */
export function counted(review: MedicationReview): string {
  const sure = review.problems.filter((each) => each.standing === "verified");
  const severe = sure.filter((each) => each.severity === "high").length;
  const act = sure.filter((each) => each.severity === "medium").length;
  const know = sure.length - severe - act;
  const recalled = review.problems.length - sure.length;
  const parts = [
    severe ? `${severe} severe` : "",
    act ? `${act} to act on` : "",
    know ? `${know} to know` : "",
    recalled ? `${recalled} provisional` : "",
  ].filter(Boolean);
  return parts.length ? parts.join(", ") : "no problem found";
}
