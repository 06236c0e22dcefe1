/** The rows of the timeline, made from the server's answer: which there are, in which order, and what stands in each. */

import type { Given, Order, Point, Removed, Series, TimelineAnswer } from "@/patient/types";
import { arrow, isMarked, isNotScored } from "@/patient/values";

const time = (at: string): number => Date.parse(at);
export const find = (answer: TimelineAnswer, name: string): Series | undefined => answer.measured.find((series) => series.name === name);

/** Rows with a line, in the order of the observation chart. Blood pressure is one row of two series. */
export const LINES = ["respiratory_rate", "oxygen_saturation", "pulse", "temperature"] as const;

/** Numbers only, oldest first: what a line can be drawn through. */
export function drawable(series: Series | undefined): { at: number; value: number; point: Point }[] {
  return (series?.points ?? []).flatMap((point) =>
    typeof point.value === "number" ? [{ at: time(point.at), value: point.value, point }] : [],
  );
}

/** Values that came but must not be scored; they have no place on the scale. */
export const unscored = (series: Series | undefined): Point[] => (series?.points ?? []).filter((point) => isNotScored(point));

/** What was replaced or taken back, with what stands now. A preliminary value that was confirmed as it was is no news. */
export interface Correction {
  was: Removed;
  now: Point | undefined;
}

export function corrections(answer: TimelineAnswer, names: readonly string[]): Correction[] {
  return answer.removed
    .filter((each) => names.includes(each.name))
    .map((was) => ({ was, now: find(answer, was.name)?.points.find((point) => point.at === was.at) }))
    .filter(({ was, now }) => was.value !== null && (now === undefined || now.value !== was.value));
}

/** Laboratory rows: whatever is not on the observation chart. Those with something to look at come first. */
const CHARTED = new Set(["vital signs", "oxygen", "fluids"]);

export interface LabRows {
  shown: Series[];
  /** Every value within the range that the laboratory sent. */
  quiet: Series[];
}

/** Fewer rows than this are all shown. */
const FEW = 8;

export function labRows(answer: TimelineAnswer): LabRows {
  const all = answer.measured.filter((series) => !CHARTED.has(series.group) && series.points.length > 0);
  if (all.length <= FEW) return { shown: all, quiet: [] };
  const awaited = new Set(answer.pending.map((each) => each.name));
  const changed = new Set(
    corrections(
      answer,
      all.map((series) => series.name),
    ).map(({ was }) => was.name),
  );
  const matters = (series: Series) =>
    awaited.has(series.name) ||
    changed.has(series.name) ||
    series.points.some((point) => isMarked(point) || arrow(point) !== "" || isNotScored(point));
  return { shown: all.filter(matters), quiet: all.filter((series) => !matters(series)) };
}

/** Awaited results without any value yet still have a row. */
export function awaitedOnly(answer: TimelineAnswer): string[] {
  const known = new Set(answer.measured.filter((series) => series.points.length > 0).map((series) => series.name));
  return [...new Set(answer.pending.map((each) => each.name))].filter((name) => !known.has(name));
}

/** One drug: its orders as stretches, its doses as moments. */
export interface DrugRow {
  what: string;
  orders: { order: Order; from: number; until: number | undefined }[];
  doses: Given[];
}

export function drugRows(answer: TimelineAnswer): DrugRow[] {
  const rows = new Map<string, DrugRow>();
  const row = (what: string): DrugRow => {
    const found = rows.get(what) ?? { what, orders: [], doses: [] };
    rows.set(what, found);
    return found;
  };
  for (const order of answer.orders.filter((each) => each.category === "medication" && each.what)) {
    row(order.what).orders.push({ order, from: time(order.starts_at ?? order.at), until: order.ended ? time(order.at) : undefined });
  }
  for (const dose of answer.given) row(dose.what).doses.push(dose);
  return [...rows.values()].sort((a, b) => a.what.localeCompare(b.what));
}

/** HL7 table 0335, the usual repeat patterns; others are shown as sent. */
const PATTERNS: Record<string, string> = {
  QD: "once a day",
  BID: "twice a day",
  TID: "three times a day",
  QID: "four times a day",
  QAM: "every morning",
  QPM: "every evening",
  QHS: "at night",
  QOD: "every other day",
  ONCE: "once",
  PRN: "when needed",
  C: "continuously",
};

export function frequencyShown(code: string): string {
  const hours = /^Q(\d+)H$/.exec(code)?.[1];
  return PATTERNS[code] ?? (hours ? `every ${hours} h` : code);
}

export function doseShown({ dose, route, frequency = "" }: { dose: string; route: string; frequency?: string }): string {
  return [[dose, route].filter(Boolean).join(" "), frequencyShown(frequency)].filter(Boolean).join(", ");
}

export interface CareEvent {
  at: number;
  words: string;
  id: string;
}

const MOVED = { Admitted: "Admitted to", Transferred: "Moved to", Discharged: "Discharged", Cancelled: "Taken back:" } as const;

/** Movements, notes, appointments and examinations; laboratory orders show as their results. */
export function careEvents(answer: TimelineAnswer): CareEvent[] {
  const events: CareEvent[] = [
    ...answer.movements.map((each) => ({
      at: time(each.at),
      id: each.id,
      words: [MOVED[each.kind], each.what?.toLowerCase() ?? each.unit, each.bed && `bed ${each.bed}`].filter(Boolean).join(" "),
    })),
    ...answer.documents.map((each) => ({ at: time(each.at), id: each.id, words: each.title })),
    ...answer.appointments.map((each) => ({ at: time(each.starts_at ?? each.at), id: each.id, words: each.what })),
    ...answer.orders
      .filter((each) => each.category !== "medication" && each.category !== "laboratory")
      .map((each) => ({ at: time(each.at), id: each.id, words: each.what })),
  ];
  return events.sort((a, b) => a.at - b.at);
}

const MINUTE_MS = 60_000;

/**
 * Every minute at which something new was known, for the steps of the as-of slider. The server leaves out when a value was recorded
 * where that was within a minute of when it was measured: a minute later it was known for certain.
 */
export function knownMoments(answer: TimelineAnswer, acts: readonly string[]): number[] {
  const measured = [...answer.measured.flatMap((series) => series.points), ...answer.removed].map((point) =>
    point.recorded_at ? time(point.recorded_at) : time(point.at) + MINUTE_MS,
  );
  const others = [
    ...answer.scores.flatMap((score) => score.points.map((point) => point.revised_at ?? point.at)),
    ...[...answer.orders, ...answer.given, ...answer.documents, ...answer.movements].map((each) => each.recorded_at),
    ...acts,
  ].map(time);
  const since = time(answer.since);
  const moments = new Set([...measured, ...others].map((at) => Math.ceil(at / MINUTE_MS) * MINUTE_MS));
  return [...moments].filter((at) => at >= since).sort((a, b) => a - b);
}

const KINDS: readonly (readonly [kinds: readonly string[], one: string, many: string])[] = [
  [["vital signs", "oxygen", "fluids"], "charted value", "charted values"],
  [["chemistry", "haematology", "coagulation", "blood gas", "Measured"], "result", "results"],
  [["Ordered"], "order", "orders"],
  [["Administered"], "dose", "doses"],
  [["Documented"], "note", "notes"],
  [["Alerted", "Acknowledged", "Overridden", "Escalated", "Resolved", "Withdrawn", "StoodDown"], "alert change", "alert changes"],
];

/** "6 charted values, 4 results, 2 alert changes": what was not known yet. Answers follow from these. */
export function hiddenShown(hidden: Record<string, number>): string {
  return KINDS.map(([kinds, one, many]) => {
    const count = kinds.reduce((sum, kind) => sum + (hidden[kind] ?? 0), 0);
    return count ? `${count.toLocaleString("en-GB")} ${count === 1 ? one : many}` : "";
  })
    .filter(Boolean)
    .join(", ");
}
