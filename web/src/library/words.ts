/** How the library says things: names, how long a value counts, limits, answers. */

import type { Input, Json, WholeCapability } from "@/library/types";
import { unitShown } from "@/patient/values";

export const sentence = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

export const plain = (name: string): string => name.replaceAll("_", " ");

/** "Respirations", "Hours on high flow". */
export const labelOf = (input: Input): string => sentence(input.label);

/** The label of an input by its name; the name in plain words where the capability has no such input. */
export const named = (capability: WholeCapability, name: string): string => {
  const input = capability.inputs.find((each) => each.name === name);
  return input ? labelOf(input) : sentence(plain(name));
};

/** "12 h", "3 days", "1 year": for how long a value counts. */
export function lasts(hours: number): string {
  if (hours < 48) return `${hours} h`;
  const days = Math.round(hours / 24);
  return days >= 365 && days % 365 === 0 ? (days === 365 ? "1 year" : `${days / 365} years`) : `${days} days`;
}

/** "20 of 20" */
export const casesWords = ({ cases_passed, cases_total }: { cases_passed: number; cases_total: number }): string =>
  `${cases_passed} of ${cases_total}`;

/** Cases about whole studies take what no start of the server has time for: they run when somebody opens the page. */
export const casesRan = ({ cases_passed, cases_total }: { cases_passed: number; cases_total: number }): string =>
  cases_total === 0 ? "cases run when opened" : cases_passed < cases_total ? "cases: some fail here" : "cases passed here";

/** A value as a person would write it: "yes", "37.5 °C", and JSON only where there is structure. */
export function valueWords(value: Json | undefined, unit = ""): string {
  if (value === null || value === undefined) return "–";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number") return `${String(value).replace("-", "−")} ${unitShown(unit)}`.trim();
  if (typeof value === "string") return plain(value);
  return structured(value);
}

/** "0 h: 0.9, 47 h: 1.2" for a series; otherwise the JSON itself. */
function structured(value: Json): string {
  if (Array.isArray(value)) {
    const said = value.map((each) =>
      isReading(each) ? `${each.hours !== undefined ? `${each.hours} h` : each.at}: ${each.value}` : JSON.stringify(each),
    );
    return said.join(", ");
  }
  return JSON.stringify(value);
}

interface Reading {
  hours?: number;
  at?: string;
  value: number | string;
}

const isReading = (value: Json): value is Json & Reading =>
  typeof value === "object" && value !== null && !Array.isArray(value) && "value" in value;

const AREAS: Record<string, string> = {
  deterioration: "Deterioration",
  sepsis: "Sepsis",
  kidney: "Kidney",
  lungs: "Lungs",
  laboratory: "Laboratory",
};

export const areaWords = (area: string): string => AREAS[area] ?? sentence(plain(area));

/** "NEWS2" of "NEWS2, the National Early Warning Score 2". */
export const shortTitle = (title: string): string => title.split(",")[0] ?? title;
