/** A replay as a table of comma-separated values: the measures, the hours of the day, then every difference that is listed. */

import { cell } from "@/patient/export/csv";
import { measures } from "@/policy/measures";
import type { Simulated } from "@/policy/types";

export function replayCsv(result: Simulated): string {
  const { today, proposed, differences, counts } = result;
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const lines: string[][] = [
    ["measure", `today (${today.policy})`, `proposed (${proposed.policy})`, "detail"],
    ...measures(result).map((each) => [each.name, each.today, each.proposed, each.detail]),
    ...today.hour_of_day.map((pages, hour) => [
      `pages from ${String(hour).padStart(2, "0")}:00`,
      String(pages),
      String(proposed.hour_of_day[hour] ?? 0),
      "",
    ]),
    [],
    ["change", "at", "patient", "capability", "key", "why", "by_seconds", "event", "event_at"],
    ...differences.map((each) => [
      each.kind,
      each.at,
      each.patient,
      each.capability,
      each.key,
      each.why,
      String(each.by_seconds ?? ""),
      each.outcome?.what ?? "",
      each.outcome?.at ?? "",
    ]),
    ...(all > differences.length ? [[`the first ${differences.length} of ${all} are listed`]] : []),
    [],
    [proposed.assumption],
  ];
  return lines.map((line) => line.map(cell).join(",")).join("\r\n");
}
