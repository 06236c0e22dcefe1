/** The headline score as a step line with its values; moments that were revised later say what was shown then. */

import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { capabilityQuery } from "@/api/queries";
import { SeverityShape } from "@/design/SeverityMark";
import { historyThenQuery } from "@/patient/queries";
import { Mark } from "@/patient/timeline/Mark";
import { towards } from "@/patient/timeline/marks";
import { dot, type Lines, Plot } from "@/patient/timeline/Plot";
import { Row } from "@/patient/timeline/Row";
import { useSheet, x } from "@/patient/timeline/sheet";
import styles from "@/patient/timeline/Timeline.module.css";
import type { ScorePoint, ScoreSeries } from "@/patient/types";
import { age, moment } from "@/time/words";

const HEIGHT = 60;
/** NEWS2 (RCP 2017, chart 2): urgent response from 5, emergency response from 7. */
const LIMITS = [5, 7] as const;
const LABEL_ROOM = 30;

interface Step {
  at: number;
  /** Null where there was no answer. */
  value: number | null;
  point: ScorePoint;
}

export function ScoreRow({ series }: { series: ScoreSeries }) {
  const sheet = useSheet();
  const { axis, edge, width } = sheet;
  const title = useQuery(capabilityQuery(series.capability)).data?.title.split(",")[0] ?? series.capability.toUpperCase();
  const steps = useMemo(() => stepsOf(series.points), [series]);
  const lines = useMemo(() => linesOf(steps, edge), [steps, edge, axis, width]);
  const height = (value: number) => ((lines.high - value) / (lines.high - lines.low)) * HEIGHT;
  const labels = useMemo(() => spaced(steps, (step) => x(sheet, step.at)), [steps, sheet]);
  return (
    <Row
      name={title}
      unit="points"
      height={HEIGHT}
      bold
      limits={[...LIMITS, 0].map((limit): [string, number] => [String(limit), height(limit)])}
      last={<LastScore steps={steps} />}
      said={`${title}: ${steps.length} answers, last ${shown(steps.at(-1))}`}
    >
      {LIMITS.map((limit) => (
        <span key={limit} className={styles.limit} style={{ top: height(limit) }} />
      ))}
      <Plot axis={axis} width={width} height={HEIGHT} lines={lines} />
      {labels.map(({ step, left }) => (
        <span
          key={step.point.at}
          className={styles.score}
          style={{ left, top: height(step.value ?? 0) }}
          data-end={left > width - LABEL_ROOM || undefined}
          aria-hidden="true"
        >
          {shown(step)}
        </span>
      ))}
      {together(steps, (step) => x(sheet, step.at)).map((revised) => (
        <Revised key={revised[0].point.at} steps={revised} series={series} title={title} />
      ))}
    </Row>
  );
}

function stepsOf(points: readonly ScorePoint[]): Step[] {
  return points.map((point) => ({ at: Date.parse(point.at), value: typeof point.value === "number" ? point.value : null, point }));
}

function linesOf(steps: readonly Step[], edge: number): Lines {
  const top = Math.max(LIMITS[1], ...steps.map((step) => step.value ?? 0)) + 2;
  const last = steps.at(-1);
  const held = last && last.at < edge ? [{ at: edge, value: last.value }] : [];
  const all = [...steps, ...held];
  return {
    data: [all.map((step) => step.at), all.map((step) => step.value)],
    low: -1.5,
    high: top,
    usual: null,
    stepped: true,
    paint: (plot, ink) => last && last.value !== null && dot(plot, edge, last.value, 3.4, ink("text-1")),
  };
}

/** The values where they change, as many as there is room for; the newest always. */
function spaced(steps: readonly Step[], left: (step: Step) => number): { step: Step; left: number }[] {
  const changes = steps.filter((step, index) => step.value !== null && step.value !== steps[index - 1]?.value);
  const shownFrom: { step: Step; left: number }[] = [];
  for (const step of changes.reverse()) {
    const place = left(step);
    const next = shownFrom.at(-1)?.left ?? Infinity;
    if (place >= 0 && next - place >= LABEL_ROOM) shownFrom.push({ step, left: place });
  }
  return shownFrom;
}

function shown(step: Step | undefined): string {
  if (!step || step.value === null) return "–";
  return step.point.outcome === "at_least" ? `≥ ${step.value}` : String(step.value);
}

function LastScore({ steps }: { steps: readonly Step[] }) {
  const { edge } = useSheet();
  const last = steps.at(-1);
  if (!last) return <p className={styles.never}>– not answered</p>;
  const from = steps.findLastIndex((step) => step.value !== last.value);
  const since = steps[from + 1] ?? last;
  const before = steps[from];
  const { severity } = last.point;
  return (
    <div className={styles.known}>
      <b className={styles.withMark}>
        {severity !== "none" && <SeverityShape severity={severity} filled={false} />}
        {shown(last)} {severity !== "none" && severity[0]?.toUpperCase() + severity.slice(1)}
      </b>
      <small>{before ? `since ${moment(since.at, edge)}, was ${shown(before)}` : `${age(last.point.at, edge)} ago`}</small>
    </div>
  );
}

/** A finger's width: revised answers that stand nearer share one mark. */
const MARK_ROOM = 24;

function together(steps: readonly Step[], left: (step: Step) => number): [Step, ...Step[]][] {
  const groups: [Step, ...Step[]][] = [];
  for (const step of steps.filter((each) => each.point.revised_at && left(each) >= 0)) {
    const group = groups.at(-1);
    if (group && left(step) - left(group[0]) < MARK_ROOM) group.push(step);
    else groups.push([step]);
  }
  return groups;
}

/** What was shown at that moment is asked for when somebody wants to know. Of several the last is told. */
function Revised({ steps, series, title }: { steps: [Step, ...Step[]]; series: ScoreSeries; title: string }) {
  const sheet = useSheet();
  const [asked, ask] = useState(false);
  const step = steps.at(-1) ?? steps[0];
  const revisedAt = step.point.revised_at ?? step.point.at;
  const then = useQuery({ ...historyThenQuery(sheet.patient, series.capability, justBefore(revisedAt)), enabled: asked });
  const was = then.data?.findings.find((each) => each.at === step.point.at && each.key === series.key);
  const left = x(sheet, steps[0].at);
  const before = then.data
    ? `Shown then: ${was ? was.summary || String(was.value ?? "–") : "nothing yet"}.`
    : "What was shown then is being fetched.";
  const many = steps.length > 1 ? `${steps.length} answers near here were revised. The last: ` : "";
  return (
    <Mark
      kind="revised"
      left={left}
      top={HEIGHT - 7}
      towards={towards(left, sheet.width)}
      onOpen={() => ask(true)}
      words={`${many}${title} of ${moment(step.at, sheet.edge)}, revised at ${moment(revisedAt, sheet.edge)}. ${before} True now: ${shown(step)}.`}
    />
  );
}

const justBefore = (time: string): string => new Date(Date.parse(time) - 1_000).toISOString();
