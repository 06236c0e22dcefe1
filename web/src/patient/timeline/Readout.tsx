/** Reading values off a row: where the pointer stands, and for those who hear the page. */

import { drawable } from "@/patient/rows";
import { type Sheet, x } from "@/patient/timeline/sheet";
import styles from "@/patient/timeline/Timeline.module.css";
import type { Point, Series } from "@/patient/types";

/** The value that held where the pointer stands. */
export function reading(series: Series, at: number | undefined): Point | undefined {
  return at === undefined ? undefined : series.points.findLast((point) => Date.parse(point.at) <= at);
}

export function Readout({ sheet, at, words }: { sheet: Sheet; at: number; words: string }) {
  const left = x(sheet, at);
  if (left < 0) return null;
  return (
    <span className={styles.readout} style={{ left }} data-towards={left > sheet.width - 60 ? "left" : "right"} aria-hidden="true">
      {words}
    </span>
  );
}

/** "Pulse: 104 last, between 88 and 112" for those who hear the page. */
export function spokenRow(series: Series): string {
  const values = drawable(series).map((point) => point.value);
  if (values.length === 0) return `${series.label}: no value in this window`;
  const low = Math.min(...values);
  const high = Math.max(...values);
  return `${series.label}: ${values.length} values, between ${low.toFixed(series.decimals)} and ${high.toFixed(series.decimals)}`;
}
