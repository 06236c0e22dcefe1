/** How probabilities and likelihood ratios are said. */

import type { Explanation, Kind, Outlook } from "@/patient/differential/types";

export const KINDS: readonly (readonly [Kind, string])[] = [
  ["history", "History"],
  ["symptom", "Symptoms"],
  ["sign", "Signs"],
  ["test", "Tests"],
];

export const percent = (share: number): string => (share < 0.01 ? "< 1 %" : share > 0.99 ? "> 99 %" : `${Math.round(share * 100)} %`);

/** "3 times as likely", "0.4 times as likely" */
export const times = (ratio: number): string => `${ratio >= 10 ? Math.round(ratio) : Number(ratio.toPrecision(2))} times as likely`;

/** "then first: Heart failure 85 %" */
export const outlookWords = (look: Outlook): string => `then first: ${look.leading} ${percent(look.probability)}`;

export const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

/** Something named that is dangerous comes with its word; the rest needs none. */
export const urgencyWord = ({ urgency, id }: Explanation): string =>
  id === "other" || urgency === "routine" ? "" : urgency === "emergency" ? "Emergency" : "Urgent";
