/** How an answer is said on one line of the list. */

import type { Assessed } from "@/library/types";
import { plain } from "@/library/words";
import type { WaitingQuestion } from "@/patient/asking/types";

const each = (answer: Assessed): Assessed[] => (answer.outcome === "several" ? (answer.answers ?? []) : [answer]);

/** Whether the record alone gives an answer that says more than "nothing". */
export const isFound = (answer: Assessed): boolean =>
  each(answer).some(
    ({ outcome, value, severity }) =>
      outcome === "finding" && ((severity ?? "none") !== "none" || typeof value === "number" || (value !== "none" && value !== "within")),
  );

/** 0 to 3, of the most severe of its answers. */
export const urgency = (answer: Assessed): number =>
  Math.max(...each(answer).map(({ severity }) => ["none", "low", "medium", "high"].indexOf(severity ?? "none")));

/** What it says, what it lacks, or for whom it is not; nothing where the question itself says it best. */
export function saidShortly({ answer }: WaitingQuestion): string {
  const [first, ...more] = each(answer).filter(({ outcome }) => outcome === "finding" || outcome === "at_least");
  if (first?.outcome === "at_least") return `At least ${first.value}; needs ${listed(first.missing ?? [])}`;
  if (first) return more.length > 0 ? `${first.summary}, and ${more.length} more` : (first.summary ?? "");
  if (answer.outcome === "not_valid") return answer.reason ?? "";
  const missing = answer.missing ?? [];
  return missing.length === 0 ? (answer.reason ?? "") : `Needs ${listed(missing)}`;
}

/** "weight, height, sex and 4 more" */
function listed(names: readonly string[]): string {
  const first = names.slice(0, 3).map(plain).join(", ");
  return names.length > 3 ? `${first} and ${names.length - 3} more` : first;
}
