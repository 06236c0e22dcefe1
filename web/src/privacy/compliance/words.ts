/** The states of a control in words, in the order in which they ask for somebody. */

import type { Framework, State } from "@/privacy/compliance/queries";

export const STATES: readonly State[] = ["failing", "not run", "partly", "not built", "site", "shown", "not applicable"];

export const WORDS: Record<State, string> = {
  failing: "Failing",
  "not run": "Not run",
  partly: "Partly",
  "not built": "Not built",
  site: "The hospital's",
  shown: "Shown",
  "not applicable": "Does not apply",
};

export const MEANS: Record<State, string> = {
  failing: "a test that should show it failed",
  "not run": "its tests have not run on this version",
  partly: "some of it is here, shown by tests; the rest is said",
  "not built": "nothing answers it yet",
  site: "asks for people and rules of the hospital, not for software",
  shown: "every test that shows it passed when it ran last",
  "not applicable": "there is nothing here that it speaks about",
};

/** "41 shown, 3 partly, 2 the hospital's": what there is any of, the most important first. */
export function inWords({ counts }: Framework): string {
  const order: readonly State[] = ["failing", "shown", "partly", "not run", "not built", "site", "not applicable"];
  return order
    .filter((state) => counts[state] > 0)
    .map((state) => `${counts[state]} ${WORDS[state].toLowerCase()}`)
    .join(", ");
}
