/** What a replay says, in sentences: the headline, and why pages are different. */

import type { Difference, Kind, Simulated } from "@/policy/types";
import { duration } from "@/time/words";

/** "61 % fewer pages, the same 12 events found, one page 20 min later" */
export function headline(result: Simulated): string {
  return [pages(result), events(result), moved(result, "later"), moved(result, "earlier"), levels(result)].filter(Boolean).join(", ");
}

function pages({ today, proposed }: Simulated): string {
  if (today.pages === proposed.pages) return today.pages === 0 ? "No page in this time" : "The same number of pages";
  if (today.pages === 0) return `${counted(proposed.pages, "page")} where today there is none`;
  const share = Math.round((Math.abs(proposed.pages - today.pages) / today.pages) * 100);
  return `${share === 0 ? "Under 1" : share} % ${proposed.pages < today.pages ? "fewer" : "more"} pages`;
}

function events({ today, lost, gained }: Simulated): string {
  if (today.outcomes === 0) return "no event in this time";
  if (lost.length > 0)
    return `${counted(lost.length, "event")} no longer found${gained.length > 0 ? `, ${gained.length} newly found` : ""}`;
  if (gained.length > 0) return `${counted(gained.length, "event")} newly found`;
  if (today.found === 0)
    return today.outcomes === 1 ? "the one event not found either way" : `none of ${today.outcomes} events found either way`;
  return today.found === 1 ? "the same event found" : `the same ${today.found} events found`;
}

function moved({ counts, differences }: Simulated, kind: "later" | "earlier"): string {
  const count = counts[kind];
  if (count === 0) return "";
  const most = Math.max(...differences.filter((each) => each.kind === kind).map((each) => each.by_seconds ?? 0));
  const upTo = count === 1 ? duration(most) : `up to ${duration(most)}`;
  return `${counted(count, "page")} ${upTo} ${kind}`;
}

const levels = ({ counts: { level } }: Simulated): string => (level === 0 ? "" : `${counted(level, "page")} at another level`);

/** "one page", "12 pages" */
export const counted = (count: number, thing: string): string =>
  count === 1 ? `one ${thing}` : `${count.toLocaleString("en-GB")} ${thing}s`;

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

export const KINDS: Record<Kind, string> = { later: "later", gone: "gone", level: "other level", earlier: "earlier", new: "new" };
