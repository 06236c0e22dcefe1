/** The words of the guideline pages. */

import type { JudgedStep, Reason, Source, StepState } from "@/guidelines/types";

export const STATES: Record<StepState, string> = {
  due: "Due",
  done: "Done",
  avoid: "Avoid",
  open: "Not decided",
  "not for this patient": "Does not apply",
};

/** What somebody must act on stands first. */
export const ORDER: readonly StepState[] = ["due", "avoid", "open", "done", "not for this patient"];

export const applies = (met: boolean | null): string => (met === null ? "May apply" : met ? "Applies" : "Does not apply");

export const plain = (name: string): string => name.replaceAll("_", " ");

/** "systolic pressure 88", "bisoprolol": what was looked at and what it said; the criterion it met stands beside it already. */
export function reasonWords({ input, value, band }: Reason): string {
  if (input === "medications" || input === "conditions") return `${value ?? ""}`;
  if (input === "age_years") return `age ${value ?? ""}`;
  const said = `${plain(input)} ${value ?? ""}`.trim();
  return value === null && band ? `${said} (${band})` : said;
}

export const missingWords = (missing: readonly string[]): string => missing.map(plain).join(", ");

export const sourceWords = ({ body, year }: Source): string => `${body} ${year}`;

/** "Due" steps in the order of their times, then the others as the card has them. */
export function inOrder(steps: readonly JudgedStep[]): JudgedStep[] {
  return [...steps].sort((one, other) => ORDER.indexOf(one.state) - ORDER.indexOf(other.state));
}
