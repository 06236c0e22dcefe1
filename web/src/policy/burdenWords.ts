/** What alerts have been to people, in numbers with what each stands on. */

import { sentence } from "@/library/words";
import { fixed } from "@/policy/measures";
import type { AlertBurden, AlertCounts } from "@/policy/types";
import { counted } from "@/policy/words";
import { duration } from "@/time/words";

export interface Figure {
  name: string;
  value: string;
  detail: string;
}

/** Less than this says nothing when something is divided by it: our own limit. */
const LEAST_PATIENT_DAYS = 1;

export function figures(burden: AlertBurden): Figure[] {
  const { total, unit } = burden;
  return [
    perDay("Alerts per patient-day", burden.alerts_per_patient_day, counted(total.alerts, "alert"), burden),
    perDay("Pages per patient-day", burden.pages_per_patient_day, counted(total.pages, "page"), burden),
    perNurse(burden.pages_per_nurse_hour, unit),
    { name: "From page to answer, median", value: median(total), detail: slowest(total) },
  ];
}

function perDay(name: string, value: number | null, many: string, { patient_days: days }: AlertBurden): Figure {
  if (value === null) return { name, value: "–", detail: `${many}, no patient in this time` };
  if (days < LEAST_PATIENT_DAYS) return { name, value: "–", detail: `${many} in less than one patient-day` };
  return { name, value: fixed(value, 2), detail: `${many} in ${fixed(days, days < 10 ? 1 : 0)} patient-days` };
}

function perNurse(value: number | null, unit: string): Figure {
  const name = "Pages per nurse-hour";
  if (value !== null) return { name, value: fixed(value, 2), detail: "by the number of nurses in the policy" };
  return { name, value: "–", detail: unit ? "the policy does not say how many nurses" : "for one unit at a time" };
}

function slowest(counts: AlertCounts): string {
  if (counts.median_answer_seconds === null) return "no page was answered";
  return counts.slow_answer_seconds === null
    ? "too few answers to say how slow"
    : `nine of ten within ${duration(counts.slow_answer_seconds)}`;
}

/** "4 min"; a dash where nobody had to answer a page, or nobody did. */
export const median = ({ median_answer_seconds: seconds }: AlertCounts): string => (seconds === null ? "–" : duration(seconds));

/** "12 min", or why it cannot be said. */
export function slow({ median_answer_seconds: middle, slow_answer_seconds: seconds }: AlertCounts): string {
  if (middle === null) return "–";
  return seconds === null ? "– too few" : duration(seconds);
}

/** How each alert went on, in the order in which it can happen: the name of its count, and its heading. */
export const COUNTS = [
  ["alerts", "Alerts"],
  ["pages", "Pages"],
  ["acknowledged", "Acknowledged"],
  ["overridden", "Overridden"],
  ["escalated", "Escalated"],
  ["withdrawn", "Withdrawn"],
  ["ended_unanswered", "Unanswered"],
] as const satisfies readonly (readonly [keyof AlertCounts, string])[];

export interface Delivered {
  channel: string;
  /** By outcome. */
  counts: Record<string, number>;
}

/** Messages by channel, each with its outcomes; those that no channel could bring to anybody come last. */
export function byChannel({ deliveries }: AlertBurden): Delivered[] {
  const lines = new Map<string, Record<string, number>>();
  for (const { channel, outcome, count } of deliveries) lines.set(channel, { ...lines.get(channel), [outcome]: count });
  return [...lines]
    .map(([channel, counts]) => ({ channel, counts }))
    .sort((one, other) => Number(one.channel === "") - Number(other.channel === "") || one.channel.localeCompare(other.channel));
}

export const channelWords = (channel: string): string => (channel === "" ? "No channel reached anybody" : sentence(channel));
