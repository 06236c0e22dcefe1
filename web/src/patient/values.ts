/** How a value is written: as sent where the sender uses another unit, with its sign, bound, arrow and reason for not counting. */

import type { Point, Series } from "@/patient/types";

const UNITS: Record<string, string> = {
  "1": "",
  Cel: "°C",
  "mm[Hg]": "mmHg",
  "10*9/L": "10⁹/L",
  "10*12/L": "10¹²/L",
  "umol/L": "µmol/L",
  "ug/L": "µg/L",
  "ug/mL": "µg/mL",
  "[pH]": "",
  "{INR}": "",
  "mL/(24.h)": "mL in 24 h",
};

/** UCUM codes as people write them; what stands in braces is a remark, and of those only a body surface is said. */
export function unitShown(code: string): string {
  return UNITS[code] ?? code.replace("{1.73_m2}", "1.73 m²").replace(/\{.*?\}/g, "");
}

/** Typographic minus, as in all numbers on screen. */
const signed = (text: string): string => text.replace(/^-/, "−");

/** The unit a row is written in: the sender's if every value came in the same other unit, else ours. */
export function unitOf(series: Series): string {
  const sent = new Set(series.points.map((point) => unitSent(point)));
  const [only] = sent;
  return unitShown(sent.size === 1 && only ? only : series.unit);
}

function unitSent(point: Point): string {
  return /^\S+ (\S.*)$/.exec(point.received ?? "")?.[1] ?? "";
}

const isNumber = (value: Point["value"]): value is number => typeof value === "number";

/** The value in the unit of its row: "66", "<0.02", "3.9". */
export function valueIn(series: Series, point: Point): string {
  const sent = unitSent(point);
  if (sent && unitShown(sent) === unitOf(series)) return signed((point.received ?? "").split(" ")[0] ?? "");
  if (point.value === null) return "–";
  if (!isNumber(point.value)) return point.value;
  return (point.comparator ?? "") + signed(point.value.toFixed(series.decimals));
}

/** An arrow where the sender says that the value is outside its range (HL7 table 0078). */
export function arrow(point: Point): "↑" | "↓" | "" {
  if (/^(H|HH|HU|>)$/.test(point.abnormal ?? "")) return "↑";
  if (/^(L|LL|LU|<)$/.test(point.abnormal ?? "")) return "↓";
  return "";
}

/** Critical or otherwise marked values are bold; what the sender calls normal is not. */
export const isMarked = (point: Point): boolean => Boolean(point.abnormal);

/** Words about the time of a value: assumptions that are shown with it and leave it usable. Any other word means: not scored. */
const ABOUT_TIME: ReadonlySet<string> = new Set([
  "zone assumed",
  "ambiguous local time",
  "local time does not exist",
  "date only",
  "sender's clock ahead",
  "time of the message",
  "time of receipt",
  "time of the specimen",
  "time unreadable",
  "text shortened",
]);

export const isNotScored = (point: Point): boolean => point.flags?.some((flag) => !ABOUT_TIME.has(flag)) ?? false;

const REASONS: Record<string, string> = {
  unmapped: "nobody has said yet what this code means",
  implausible: "the number is not plausible",
};

/** Why the value does not count, or what had to be assumed about its time, as sentences. */
export function remarks(point: Point): string[] {
  return (point.flags ?? []).map((flag) => (ABOUT_TIME.has(flag) ? `Assumed: ${flag}.` : `Not scored: ${REASONS[flag] ?? flag}.`));
}

const STATUS: Record<string, string> = {
  P: "preliminary",
  R: "not yet confirmed",
  S: "partial",
  C: "corrected",
  A: "amended",
  W: "withdrawn: wrong patient",
  D: "deleted",
  X: "could not be obtained",
};

export const statusShown = (status: string | undefined): string => (status ? (STATUS[status] ?? "") : "");
