/** The timeline as a table of comma-separated values: one line for each value, score, dose, order and note. */

import { doseShown } from "@/patient/rows";
import type { TimelineAnswer } from "@/patient/types";

const HEAD = [
  "occurred_at",
  "recorded_at",
  "kind",
  "name",
  "value",
  "unit",
  "as_sent",
  "status",
  "range",
  "abnormal",
  "flags",
  "source",
] as const;
type Line = Partial<Record<(typeof HEAD)[number], string>>;

export function timelineCsv(answer: TimelineAnswer): string {
  const lines: Line[] = [
    ...answer.measured.flatMap((series) =>
      series.points.map((point): Line => ({
        occurred_at: point.at,
        recorded_at: point.recorded_at ?? "",
        kind: "measured",
        name: series.name,
        value: `${point.comparator ?? ""}${point.value ?? ""}`,
        unit: series.unit,
        as_sent: point.received ?? "",
        status: point.status ?? "F",
        range: point.range ?? "",
        abnormal: point.abnormal ?? "",
        flags: (point.flags ?? []).join("; "),
        source: point.source,
      })),
    ),
    ...answer.removed.map((point): Line => ({
      occurred_at: point.at,
      recorded_at: point.recorded_at ?? "",
      kind: "no longer counts",
      name: point.name,
      value: String(point.value ?? ""),
      as_sent: point.received ?? "",
      status: point.status ?? "F",
      source: point.source,
    })),
    ...answer.scores.flatMap((score) =>
      score.points.map((point): Line => ({
        occurred_at: point.at,
        recorded_at: point.revised_at ?? "",
        kind: point.revised_at ? "score, revised" : "score",
        name: [score.capability, score.key].filter(Boolean).join(" "),
        value: String(point.value ?? ""),
        status: point.outcome,
        flags: point.severity,
      })),
    ),
    ...answer.orders.map((order): Line => ({
      occurred_at: order.starts_at ?? order.at,
      recorded_at: order.recorded_at,
      kind: `order, ${order.category}`,
      name: order.what,
      value: doseShown(order),
      status: order.status,
      source: order.source,
    })),
    ...answer.given.map((dose): Line => ({
      occurred_at: dose.at,
      recorded_at: dose.recorded_at,
      kind: "dose",
      name: dose.what,
      value: doseShown(dose),
      source: dose.source,
    })),
    ...answer.documents.map((note): Line => ({
      occurred_at: note.at,
      recorded_at: note.recorded_at,
      kind: "document",
      name: note.title,
      status: note.status,
      source: note.source,
    })),
  ];
  lines.sort((a, b) => (a.occurred_at ?? "").localeCompare(b.occurred_at ?? ""));
  return [HEAD.join(","), ...lines.map((line) => HEAD.map((name) => cell(line[name] ?? "")).join(","))].join("\r\n");
}

/** Quoted where needed. What a spreadsheet would take for a formula is made text; a number with a sign stays a number. */
export function cell(text: string): string {
  const safe = /^[=+@\t]/.test(text) || (text.startsWith("-") && Number.isNaN(Number(text))) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
