/** The one line beside an answer's name and value: its summary without repeating them. */

import type { Answer } from "@/api/types";

/** UCUM codes inside a sentence, as people write them. */
const tidy = (words: string): string => words.replaceAll("mm[Hg]", "mmHg").replaceAll(" [pH]", "");

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

/** Of "MEWS 2, below the limit of 5" under the title "MEWS": "Below the limit of 5". What begins otherwise stays whole. */
export function summaryOf(
  title: string,
  { outcome, value, missing, reason, summary }: Pick<Answer, "outcome" | "value" | "missing" | "reason" | "summary">,
): string {
  if (outcome === "at_least") return `At least: ${missing.map((name) => name.replaceAll("_", " ")).join(", ")} missing`;
  const whole = tidy(reason || summary);
  const [, lead = "", number = "", rest = ""] =
    /^(.*?)(-?\d+(?:\.\d+)?)(?: (?:\w+\/\S+|mmHg|%|ms|s)(?=[,:; ]|$)(?: m²)?)?[,:;]?\s*(.*)$/.exec(whole) ?? [];
  const named = new Set([...wordsOf(title), "stage"]);
  const repeats = typeof value === "number" && Math.abs(Number(number) - value) < 1 && wordsOf(lead).every((word) => named.has(word));
  return number && repeats ? sentence(rest) : whole;
}

const sentence = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);
