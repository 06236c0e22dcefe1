/** Laboratory results as values in time: an arrow where the laboratory says it is abnormal, struck where it was corrected. */

import { useMemo, useState } from "react";
import { awaitedOnly, type Correction, corrections, labRows } from "@/patient/rows";
import { LastKnownSlim } from "@/patient/timeline/LastKnown";
import { Mark } from "@/patient/timeline/Mark";
import { correctionWords, towards, unscoredWords } from "@/patient/timeline/marks";
import { Heading, Row } from "@/patient/timeline/Row";
import { type Label, labelled, type Sheet, useSheet, x } from "@/patient/timeline/sheet";
import styles from "@/patient/timeline/Timeline.module.css";
import type { Pending, Point, Series, TimelineAnswer } from "@/patient/types";
import { arrow, isMarked, isNotScored, statusShown, unitOf, valueIn } from "@/patient/values";
import { moment } from "@/time/words";

const HEIGHT = 24;

export function LabRows({ answer }: { answer: TimelineAnswer }) {
  const [all, setAll] = useState(false);
  const { shown, quiet } = useMemo(() => labRows(answer), [answer]);
  const awaited = useMemo(() => awaitedOnly(answer), [answer]);
  if (shown.length + quiet.length + awaited.length === 0) return null;
  return (
    <>
      <Heading name="Laboratory" remark={quiet.length > 0 ? "arrows and ranges as the laboratory sent them" : undefined} />
      {shown.map((series) => (
        <LabRow key={series.name} series={series} answer={answer} />
      ))}
      {awaited.map((name) => (
        <AwaitedRow key={name} name={name} answer={answer} />
      ))}
      {all && quiet.map((series) => <LabRow key={series.name} series={series} answer={answer} />)}
      {quiet.length > 0 && (
        <button type="button" className={styles.more} aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? "Show fewer results" : `${quiet.length} more within their range: ${quiet.map((series) => series.label).join(", ")}`}
        </button>
      )}
    </>
  );
}

type Item = { point: Point; correction: Correction | undefined };

function LabRow({ series, answer }: { series: Series; answer: TimelineAnswer }) {
  const sheet = useSheet();
  const changed = useMemo(() => corrections(answer, [series.name]), [answer, series]);
  const labels = useMemo(() => placed(series, changed, sheet), [series, changed, sheet]);
  return (
    <Row
      name={series.label}
      unit={unitOf(series)}
      height={HEIGHT}
      last={<LastKnownSlim series={series} />}
      said={spoken(series, sheet.edge)}
    >
      {labels.map((label) => (
        <Value key={label.item.point.id} label={label} series={series} />
      ))}
      {changed
        .filter(({ now }) => !now)
        .map((each) => (
          <Mark
            key={each.was.id}
            kind="struck"
            left={x(sheet, Date.parse(each.was.at))}
            words={correctionWords(series, each, sheet.edge)}
            towards={towards(x(sheet, Date.parse(each.was.at)), sheet.width)}
          >
            {valueIn(series, each.was)}
          </Mark>
        ))}
      <Awaited pending={answer.pending.filter((each) => each.name === series.name)} label={series.label} />
    </Row>
  );
}

function placed(series: Series, changed: readonly Correction[], sheet: Sheet): Label<Item>[] {
  const items = series.points.map((point): Item => ({ point, correction: changed.find(({ now }) => now?.id === point.id) }));
  const words = ({ point, correction }: Item) =>
    [valueIn(series, point), arrow(point), correction && valueIn(series, correction.was)].filter(Boolean).join(" ");
  return labelled(items, ({ point }) => x(sheet, Date.parse(point.at)), words, sheet.width);
}

function Value({ label, series }: { label: Label<Item>; series: Series }) {
  const sheet = useSheet();
  const { point, correction } = label.item;
  const side = towards(label.x, sheet.width);
  if (correction) return <Corrected label={label} series={series} words={correctionWords(series, correction, sheet.edge)} />;
  if (isNotScored(point)) {
    return <Mark kind="hollow" left={label.x} words={unscoredWords(series, point, sheet.edge)} towards={side} />;
  }
  if (label.side === null)
    return <span className={styles.dot} style={{ left: label.x }} title={pointWords(series, point, sheet.edge)} aria-hidden="true" />;
  return (
    <span
      className={styles.lab}
      data-side={label.side}
      data-marked={isMarked(point) || undefined}
      style={{ left: label.x }}
      title={pointWords(series, point, sheet.edge)}
      aria-hidden="true"
    >
      {valueIn(series, point)} {arrow(point)}
    </span>
  );
}

function Corrected({ label, series, words }: { label: Label<Item>; series: Series; words: string }) {
  const sheet = useSheet();
  const { point, correction } = label.item;
  return (
    <Mark kind="dot" left={label.x} words={words} towards={towards(label.x, sheet.width)}>
      {label.side !== null && (
        <span className={styles.corrected} data-side={label.side}>
          <b>
            {valueIn(series, point)} {arrow(point)}
          </b>{" "}
          <s>{correction && valueIn(series, correction.was)}</s>
        </span>
      )}
    </Mark>
  );
}

/** "Lactate 4.7 mmol/L, high, of 15:13, known 15:15, range 0.5-2, from lab" */
function pointWords(series: Series, point: Point, now: number): string {
  const parts = [
    `${series.label} ${valueIn(series, point)} ${unitOf(series)}`.trim(),
    statusShown(point.status),
    `of ${moment(point.at, now)}`,
    point.recorded_at && `known ${moment(point.recorded_at, now)}`,
    point.range && `range ${point.range}`,
    `from ${point.source}`,
  ];
  return parts.filter(Boolean).join(", ");
}

function spoken(series: Series, now: number): string {
  return `${series.label}: ${series.points.map((point) => `${valueIn(series, point)} ${{ "↑": "high", "↓": "low", "": "" }[arrow(point)]} at ${moment(point.at, now)}`).join("; ")}`;
}

function AwaitedRow({ name, answer }: { name: string; answer: TimelineAnswer }) {
  const label = name.split("^")[1] || name.replaceAll("_", " ");
  return (
    <Row name={label.charAt(0).toUpperCase() + label.slice(1)} height={HEIGHT} last={<p className={styles.never}>– awaited</p>}>
      <Awaited pending={answer.pending.filter((each) => each.name === name)} label={label} />
    </Row>
  );
}

/** A sample that was taken and has no result yet. */
function Awaited({ pending, label }: { pending: readonly Pending[]; label: string }) {
  const sheet = useSheet();
  return pending.map((each) => {
    const left = x(sheet, Date.parse(each.at));
    return (
      <Mark
        key={`${each.order} ${each.at}`}
        kind="awaited"
        left={left}
        words={`${label}: sample of ${moment(each.at, sheet.edge)}, no result yet.`}
        towards={towards(left, sheet.width)}
      />
    );
  });
}
