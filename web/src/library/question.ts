/**
 * A question being typed: every field as text, and what is asked with it. Anything unreadable is asked as it stands, so that the
 * server says what is wrong.
 */

import type { Input, Json, Question, WholeCapability } from "@/library/types";

/** Text of each field by input name; a series is its rows as JSON. */
export type Typed = Record<string, string>;

export interface SeriesRow {
  hours: string;
  value: string;
}

/** Asked of every capability that is not for everybody. */
export const POPULATION = ["age_years", "pregnant"] as const;

const AGE: Input = bare("age_years", "number", "Age");
const PREGNANT: Input = bare("pregnant", "boolean", "Pregnant");

function bare(name: string, type: string, label: string): Input {
  return {
    name,
    type,
    label,
    kind: "given",
    concepts: [],
    diseases: [],
    unit: name === "age_years" ? "years" : "",
    loinc: [],
    within_hours: null,
    required: false,
    default: null,
    answers: null,
    plausible: name === "age_years" ? [0, 130] : null,
  };
}

/** What can be filled in: the capability's inputs, and age and pregnancy where it is not for everybody. */
export function fieldsOf(capability: WholeCapability): Input[] {
  const own = new Set(capability.inputs.map((each) => each.name));
  const population = capability.not_for ? [AGE, PREGNANT].filter((each) => !own.has(each.name)) : [];
  return [...capability.inputs, ...population];
}

export function typedFrom(given: Question): Typed {
  return Object.fromEntries(
    Object.entries(given)
      .filter(([, value]) => value !== null)
      .map(([name, value]) => [name, asText(value)]),
  );
}

const asText = (value: Json): string => (typeof value === "string" ? value : JSON.stringify(value));

/** The question as it is sent: what is empty is left out. */
export function questionFrom(inputs: readonly Input[], typed: Typed): Question {
  const asked = inputs.map((input): [string, Json | undefined] => [input.name, answerFrom(input, typed[input.name] ?? "")]);
  return Object.fromEntries(asked.filter((each): each is [string, Json] => each[1] !== undefined));
}

function answerFrom(input: Input, text: string): Json | undefined {
  const typed = text.trim();
  if (typed === "") return undefined;
  switch (input.type) {
    case "number":
      return numberIn(typed);
    case "boolean":
      return typed === "true" ? true : typed === "false" ? false : typed;
    case "series": {
      const rows = seriesFrom(typed).filter((row) => row.value.trim() !== "");
      return rows.length === 0 ? undefined : rows.map((row) => ({ hours: numberIn(row.hours), value: numberIn(row.value) }));
    }
    case "code":
    case "sex":
      return typed;
    default:
      return readable(typed);
  }
}

const numberIn = (text: string): Json => (text.trim() === "" || Number.isNaN(Number(text)) ? readable(text) : Number(text));

/** The rows of a series from its text, which is JSON. Made-up series count hours, on any scale. */
export function seriesFrom(text: string): SeriesRow[] {
  const rows = readable(text);
  return Array.isArray(rows) ? rows.filter(isEntry).map((row) => ({ hours: words(row["hours"]), value: words(row["value"]) })) : [];
}

const isEntry = (row: Json): row is Record<string, Json> => typeof row === "object" && row !== null && !Array.isArray(row);
const words = (value: Json | undefined): string => (value === undefined || value === null ? "" : String(value));

function readable(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}
