/** What a replay says, in sentences: the headline, the rows of the table, and why pages are different. */

import type { Burden, Difference, Kind, Simulated } from "@/policy/types";
import { duration } from "@/time/words";

/** "61 % fewer pages, the same 12 events found, one page 20 min later" */
export function headline(result: Simulated): string {
  return [pages(result), events(result), moved(result, "later"), moved(result, "earlier")].filter(Boolean).join(", ");
}

function pages({ today, proposed }: Simulated): string {
  if (today.pages === proposed.pages) return today.pages === 0 ? "No page in this time" : "The same number of pages";
  if (today.pages === 0) return `${counted(proposed.pages, "page")} where today there is none`;
  const share = Math.round((Math.abs(proposed.pages - today.pages) / today.pages) * 100);
  return `${share === 0 ? "Under 1" : share} % ${proposed.pages < today.pages ? "fewer" : "more"} pages`;
}

function events({ today, lost, gained }: Simulated): string {
  if (today.outcomes === 0) return "no event in this time";
  if (lost.length > 0) return `${counted(lost.length, "event")} no longer found${gained.length > 0 ? `, ${gained.length} newly found` : ""}`;
  if (gained.length > 0) return `${counted(gained.length, "event")} newly found`;
  if (today.found === 0) return today.outcomes === 1 ? "the one event not found either way" : `none of ${today.outcomes} events found either way`;
  return today.found === 1 ? "the same event found" : `the same ${today.found} events found`;
}

function moved({ counts, differences }: Simulated, kind: "later" | "earlier"): string {
  const count = counts[kind];
  if (count === 0) return "";
  const most = Math.max(...differences.filter((each) => each.kind === kind).map((each) => each.by_seconds ?? 0));
  const upTo = count === 1 ? duration(most) : `up to ${duration(most)}`;
  return `${counted(count, "page")} ${upTo} ${kind}`;
}

/** "one page", "12 pages" */
export const counted = (count: number, thing: string): string => (count === 1 ? `one ${thing}` : `${count.toLocaleString("en-GB")} ${thing}s`);

// --- the table ---

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
    rate("Pages per patient-day", today.pages_per_patient_day, proposed.pages_per_patient_day, perDay(today, proposed), "no patient in this time"),
    rate("Pages per nurse-hour", today.pages_per_nurse_hour, proposed.pages_per_nurse_hour, perNurse(today), "the policy does not say how many nurses"),
    found(today, proposed),
    lead(today, proposed),
    followed(today, proposed),
    rate("Worklist entries per patient-day", today.worklist_per_patient_day, proposed.worklist_per_patient_day, "Listed, nobody interrupted", ""),
    rate("Escalations", today.escalations, proposed.escalations, "Nobody had answered in time", "", 0),
  ];
}

const DECIMALS = 2;

function rate(name: string, today: number | null, proposed: number | null, detail: string, missing: string, decimals = DECIMALS): Measure {
  if (today === null || proposed === null) return { name, detail: missing, today: "–", proposed: "–" };
  return { name, detail, today: fixed(today, decimals), proposed: fixed(proposed, decimals), bars: lengths(today, proposed) };
}

const fixed = (value: number, decimals: number): string =>
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
  if (today.sensitivity === null || proposed.sensitivity === null) return { name, detail: "No event in this time", today: "–", proposed: "–" };
  const [share, low, high] = proposed.sensitivity;
  const detail = `${proposed.found} of ${proposed.outcomes}, interval ${Math.round(low * 100)} to ${percent(high)}`;
  return { name, detail, today: percent(today.sensitivity[0]), proposed: percent(share), intervals: [today.sensitivity, proposed.sensitivity] };
}

function lead(today: Burden, proposed: Burden): Measure {
  const name = "Lead time, median";
  const [before, after] = [today.lead_time_seconds, proposed.lead_time_seconds];
  const shown = (seconds: number | null) => (seconds === null ? "–" : duration(seconds));
  return {
    name, detail: before === null && after === null ? "No event was found" : "First page to event", today: shown(before), proposed: shown(after),
    bars: before !== null && after !== null ? lengths(before, after) : undefined,
  };
}

const ofPages = (each: Burden): string => `${fixed(each.pages_followed, 0)} of ${fixed(each.pages_counted, 0)}`;

function followed(today: Burden, proposed: Burden): Measure {
  const share = (each: Burden): number | null => (each.pages_counted > 0 ? each.pages_followed / each.pages_counted : null);
  const [before, after] = [share(today), share(proposed)];
  const shown = (value: number | null) => (value === null ? "–" : `${(value * 100).toFixed(1)} %`);
  return {
    name: "Pages followed by an event in 24 h", detail: `${ofPages(today)} and ${ofPages(proposed)} pages`,
    today: shown(before), proposed: shown(after), bars: before !== null && after !== null ? lengths(before, after) : undefined,
  };
}

// --- what would be different ---

const WHY: Record<string, string> = {
  "already paged": "Already open: the people had been told and not told again",
  "told lately at this level": "The same level again within the quiet time",
  "on the worklist": "Listed instead, nobody interrupted",
  "a mark only": "A mark on the board instead",
  "not raised": "Does not meet the limit",
  raised: "Meets the limit",
  "raised earlier": "Meets the limit earlier",
  worse: "Got worse after it was raised",
  easing: "Easing: better than before",
  "within the grace time": "Not overdue for long enough",
  "quiet time over": "The quiet time was over",
};

export const whyWords = (why: string): string => WHY[why] ?? why.charAt(0).toUpperCase() + why.slice(1);

/** "20 min later; intensive care at ..." in its own words per row. */
export function effect(difference: Difference): string {
  const { kind, by_seconds: by, outcome } = difference;
  const shift = by !== null && (kind === "later" || kind === "earlier") ? `${duration(by)} ${kind}` : "";
  return [shift, outcome && `${outcome.what} followed`].filter(Boolean).join(", ") || "no event followed";
}

/** What a group of pages costs: how much later at most, and how many of them came before an event. */
export function groupEffect(kind: Kind, group: readonly Difference[], isWhole: boolean): string {
  const followed = group.filter((each) => each.outcome !== null).length;
  const most = Math.max(0, ...group.map((each) => each.by_seconds ?? 0));
  const shift = kind === "later" || kind === "earlier" ? `by ${group.length === 1 ? "" : "up to "}${duration(most)}` : "";
  const events = followed > 0 ? `${counted(followed, "page")} before an event` : "none before an event";
  return [shift, events, !isWhole && "of those listed"].filter(Boolean).join(", ");
}

export const KINDS: Record<Kind, string> = { gone: "gone", later: "later", earlier: "earlier", new: "new" };
