/** Marks on a row for what is not simply a value: not scored, corrected, withdrawn. Each says its reason. */

import type { Correction } from "@/patient/rows";
import { Mark } from "@/patient/timeline/Mark";
import { useSheet, x } from "@/patient/timeline/sheet";
import type { Point, Series } from "@/patient/types";
import { remarks, statusShown, unitOf, valueIn } from "@/patient/values";
import { moment } from "@/time/words";

interface Props {
  unscored: readonly Point[];
  corrected: readonly Correction[];
  series: Series;
  /** Pixels from the top for a value; what lies beyond the scale stays at its edge. */
  top: (value: number) => number;
  height: number;
}

export function ClampedMarks({ unscored, corrected, series, top, height }: Props) {
  const sheet = useSheet();
  const place = (value: Point["value"]) => Math.min(height - 8, Math.max(8, top(Number(value))));
  return (
    <>
      {unscored.map((point) => (
        <Mark
          key={point.id}
          kind="hollow"
          left={x(sheet, Date.parse(point.at))}
          top={Number.isFinite(Number(point.value)) ? place(point.value) : height / 2}
          words={unscoredWords(series, point, sheet.edge)}
          towards={towards(x(sheet, Date.parse(point.at)), sheet.width)}
        />
      ))}
      {corrected.map((each) => (
        <Mark
          key={each.was.id}
          kind="hollow"
          left={x(sheet, Date.parse(each.was.at))}
          top={place(each.was.value)}
          words={correctionWords(series, each, sheet.edge)}
          towards={towards(x(sheet, Date.parse(each.was.at)), sheet.width)}
        />
      ))}
    </>
  );
}

export const towards = (left: number, width: number): "left" | "right" => (left > width / 2 ? "left" : "right");

/** "Pulse 400 /min at 07:12 from monitors. Not scored: the number is not plausible." */
export function unscoredWords(series: Series, point: Point, now: number): string {
  return `${series.label} ${valueIn(series, point)} ${unitOf(series)} at ${moment(point.at, now)} from ${point.source}. ${remarks(point).join(" ")}`;
}

/** "Potassium of 06:58: 7.1 mmol/L was known from 07:02, corrected at 07:06 to 4.1." */
export function correctionWords(series: Series, { was, now }: Correction, edge: number): string {
  const known =
    `${series.label} of ${moment(was.at, edge)}: ${statusShown(was.status)} ${valueIn(series, was)} ${unitOf(series)}, known ${moment(was.recorded_at ?? was.at, edge)}`.replace(
      "  ",
      " ",
    );
  if (!now) return `${known}. Taken back${was.status && "DWX".includes(was.status) ? `: ${statusShown(was.status)}` : ""}.`;
  return `${known}. Since ${moment(now.recorded_at ?? now.at, edge)} it is ${valueIn(series, now)}${now.status === "C" ? ", corrected" : ""}.`;
}
