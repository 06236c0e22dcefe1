/** The numbers a committee compares: each under today's policy and under the proposed one, with what it stands on. */

import type { Burden, Simulated } from "@/policy/types";
import { counted } from "@/policy/words";
import { duration } from "@/time/words";

export interface Measure {
  name: string;
  detail: string;
  today: string;
  proposed: string;
  /** Lengths of the two bars, or the intervals of two shares; left out where there is nothing to draw. */
  bars?: readonly [number, number] | undefined;
  intervals?: readonly [Interval, Interval] | undefined;
}

export type Interval = readonly [share: number, low: number, high: number];

export function measures({ today, proposed }: Simulated): Measure[] {
  return [
    rate(
      "Pages per patient-day",
      today.pages_per_patient_day,
      proposed.pages_per_patient_day,
      perDay(today, proposed),
      "no patient in this time",
    ),
    rate(
      "Pages per nurse-hour",
      today.pages_per_nurse_hour,
      proposed.pages_per_nurse_hour,
      perNurse(today),
      "the policy does not say how many nurses",
    ),
    found(today, proposed),
    lead(today, proposed),
    followed(today, proposed),
    rate(
      "Worklist entries per patient-day",
      today.worklist_per_patient_day,
      proposed.worklist_per_patient_day,
      "Listed, nobody interrupted",
      "",
    ),
    rate("Escalations", today.escalations, proposed.escalations, "Nobody had answered in time", "", 0),
  ];
}

const DECIMALS = 2;

function rate(name: string, today: number | null, proposed: number | null, detail: string, missing: string, decimals = DECIMALS): Measure {
  if (today === null || proposed === null) return { name, detail: missing, today: "–", proposed: "–" };
  return { name, detail, today: fixed(today, decimals), proposed: fixed(proposed, decimals), bars: lengths(today, proposed) };
}

export const fixed = (value: number, decimals: number): string =>
  value.toLocaleString("en-GB", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });

function lengths(today: number, proposed: number): readonly [number, number] | undefined {
  const most = Math.max(today, proposed);
  return most > 0 ? [today / most, proposed / most] : undefined;
}

const perDay = (today: Burden, proposed: Burden): string =>
  `${fixed(today.pages, 0)} and ${counted(proposed.pages, "page")} in ${fixed(today.patient_days, 0)} patient-days`;

function perNurse({ nurse_hours: hours, units_without_nurses: unknown }: Burden): string {
  const without = unknown.length > 0 ? `, without ${unknown.join(", ")}` : "";
  return hours === null ? "" : `${fixed(hours, 0)} nurse-hours${without}`;
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;

function found(today: Burden, proposed: Burden): Measure {
  const name = "Events found before they came";
  if (today.sensitivity === null || proposed.sensitivity === null)
    return { name, detail: "No event in this time", today: "–", proposed: "–" };
  const [share, low, high] = proposed.sensitivity;
  const detail = `${proposed.found} of ${proposed.outcomes}, interval ${Math.round(low * 100)} to ${percent(high)}`;
  return {
    name,
    detail,
    today: percent(today.sensitivity[0]),
    proposed: percent(share),
    intervals: [today.sensitivity, proposed.sensitivity],
  };
}

function lead(today: Burden, proposed: Burden): Measure {
  const name = "Lead time, median";
  const [before, after] = [today.lead_time_seconds, proposed.lead_time_seconds];
  const shown = (seconds: number | null) => (seconds === null ? "–" : duration(seconds));
  return {
    name,
    detail: before === null && after === null ? "No event was found" : "First page to event",
    today: shown(before),
    proposed: shown(after),
    bars: before !== null && after !== null ? lengths(before, after) : undefined,
  };
}

const ofPages = (each: Burden): string => `${fixed(each.pages_followed, 0)} of ${fixed(each.pages_counted, 0)}`;

function followed(today: Burden, proposed: Burden): Measure {
  const share = (each: Burden): number | null => (each.pages_counted > 0 ? each.pages_followed / each.pages_counted : null);
  const [before, after] = [share(today), share(proposed)];
  const shown = (value: number | null) => (value === null ? "–" : `${(value * 100).toFixed(1)} %`);
  return {
    name: "Pages followed by an event in 24 h",
    detail: `${ofPages(today)} and ${ofPages(proposed)} pages`,
    today: shown(before),
    proposed: shown(after),
    bars: before !== null && after !== null ? lengths(before, after) : undefined,
  };
}
