/** Vital signs as lines on the usual range; blood pressure as bars from systolic to diastolic. */

import { useMemo } from "react";
import type { Point, Series, TimelineAnswer } from "@/patient/types";
import { corrections, drawable, find, LINES, unscored } from "@/patient/rows";
import { LastKnown } from "@/patient/timeline/LastKnown";
import { ClampedMarks } from "@/patient/timeline/marks";
import { dot, type Lines, Plot, ROOM } from "@/patient/timeline/Plot";
import { Row } from "@/patient/timeline/Row";
import { type Sheet, useSheet, x } from "@/patient/timeline/sheet";
import styles from "@/patient/timeline/Timeline.module.css";
import { unitShown, valueIn } from "@/patient/values";

const HEIGHT = 60;
const PRESSURE_HEIGHT = 80;
/** A line is not drawn over a longer silence: NEWS2's inputs count for twelve hours. */
const LONGEST_GAP_MS = 12 * 3_600_000;
const UNITS: Record<string, string> = { "/min": "per minute" };

export function LineRows({ answer }: { answer: TimelineAnswer }) {
  const [respiration, saturation, pulse, temperature] = LINES.map((name) => find(answer, name));
  return (
    <>
      {respiration && <LineRow series={respiration} answer={answer} />}
      {saturation && <LineRow series={saturation} answer={answer} />}
      <PressureRow answer={answer} />
      {pulse && <LineRow series={pulse} answer={answer} />}
      {temperature && <LineRow series={temperature} answer={answer} />}
    </>
  );
}

function LineRow({ series, answer }: { series: Series; answer: TimelineAnswer }) {
  const sheet = useSheet();
  const lines = useLines(series, sheet);
  const height = (value: number) => ((lines.high - value) / (lines.high - lines.low)) * HEIGHT;
  const read = reading(series, sheet.reading);
  return (
    <Row
      name={series.label}
      unit={UNITS[series.unit] ?? unitShown(series.unit)}
      height={HEIGHT}
      limits={(series.usual ?? []).map((limit): [string, number] => [limit.toFixed(series.decimals), height(limit)])}
      last={<LastKnown series={series} />}
      said={spokenRow(series)}
    >
      <Plot axis={sheet.axis} width={sheet.width} height={HEIGHT} lines={lines} />
      <ClampedMarks unscored={unscored(series)} corrected={corrections(answer, [series.name])} series={series} top={height} height={HEIGHT} />
      {read && typeof read.value === "number" && <Readout sheet={sheet} at={Date.parse(read.at)} words={valueIn(series, read)} />}
    </Row>
  );
}

function useLines(series: Series, { edge }: Sheet): Lines {
  return useMemo(() => {
    const points = drawable(series);
    const { xs, ys } = broken(points);
    const [low, high] = reach(points.map((point) => point.value), series.usual);
    const last = points.at(-1);
    return {
      data: [xs, ys], low, high, usual: series.usual,
      paint: (plot, ink) => last && last.at <= edge && dot(plot, last.at, last.value, 3.4, ink("text-1")),
    };
  }, [series, edge]);
}

const isDense = (count: number, width: number): boolean => count * ROOM > width;

/** The line with nothing drawn over a long silence. */
function broken(points: readonly { at: number; value: number }[]): { xs: number[]; ys: (number | null)[] } {
  const xs: number[] = [];
  const ys: (number | null)[] = [];
  for (const { at, value } of points) {
    const before = xs.at(-1);
    if (before !== undefined && at - before > LONGEST_GAP_MS) {
      xs.push(before + 1);
      ys.push(null);
    }
    xs.push(at);
    ys.push(value);
  }
  return { xs, ys };
}

/** The scale of a row: its values and the usual range, with room above and below. */
function reach(values: readonly number[], usual: readonly [number, number] | null): [number, number] {
  const all = [...values, ...(usual ?? [])];
  const low = all.reduce((least, value) => Math.min(least, value), Infinity);
  const high = all.reduce((most, value) => Math.max(most, value), -Infinity);
  if (low > high) return [0, 1];
  const room = Math.max(1e-6, high - low) * 0.18;
  return [low - room, high + room];
}

// --- blood pressure ---

function PressureRow({ answer }: { answer: TimelineAnswer }) {
  const sheet = useSheet();
  const { axis, width, edge } = sheet;
  const systolic = find(answer, "systolic_pressure");
  const diastolic = find(answer, "diastolic_pressure");
  const pairs = useMemo(() => paired(drawable(systolic), drawable(diastolic)), [systolic, diastolic]);
  const lines = useMemo(() => pressureLines(pairs, systolic?.usual ?? null, width, edge), [pairs, systolic, width, edge]);
  if (!systolic) return null;
  const height = (value: number) => ((lines.high - value) / (lines.high - lines.low)) * PRESSURE_HEIGHT;
  const read = pairs.findLast((pair) => sheet.reading !== undefined && pair.at <= sheet.reading);
  return (
    <Row
      name="Blood pressure"
      unit="mmHg, systolic band"
      height={PRESSURE_HEIGHT}
      limits={(systolic.usual ?? []).map((limit): [string, number] => [String(limit), height(limit)])}
      last={<LastKnown series={systolic} second={diastolic ?? null} />}
      said={spokenRow(systolic)}
    >
      <Plot axis={axis} width={width} height={PRESSURE_HEIGHT} lines={lines} />
      <ClampedMarks
        unscored={[...unscored(systolic), ...unscored(diastolic)]}
        corrected={corrections(answer, ["systolic_pressure", "diastolic_pressure"])}
        series={systolic} top={height} height={PRESSURE_HEIGHT}
      />
      {read && <Readout sheet={sheet} at={read.at} words={`${read.high}/${read.low ?? "–"}`} />}
    </Row>
  );
}

interface Pair {
  at: number;
  high: number;
  /** Undefined where only the systolic pressure was sent. */
  low: number | undefined;
}

function paired(systolic: ReturnType<typeof drawable>, diastolic: ReturnType<typeof drawable>): Pair[] {
  const lows = new Map(diastolic.map((point) => [point.at, point.value]));
  return systolic.map(({ at, value }) => ({ at, high: value, low: lows.get(at) }));
}

function pressureLines(pairs: readonly Pair[], usual: [number, number] | null, width: number, edge: number): Lines {
  const dense = isDense(pairs.length, width);
  const values = pairs.flatMap((pair) => [pair.high, ...(pair.low === undefined ? [] : [pair.low])]);
  const [low, high] = reach(values, usual);
  const last = pairs.at(-1);
  return {
    data: [pairs.map((pair) => pair.at), pairs.map((pair) => pair.high), pairs.map((pair) => pair.low ?? null)],
    low, high, usual, hidden: !dense,
    paint: (plot, ink) => {
      const pixel = devicePixelRatio;
      let before = -Infinity;
      for (const pair of dense ? pairs.slice(-1) : pairs) {
        const left = Math.round(plot.valToPos(pair.at, "x", true));
        const newest = pair === last && pair.at <= edge;
        const cap = newest || left - before >= ROOM * pixel ? 4 * pixel : 0;
        bar(plot, left, pair, { cap, thick: (newest ? 2.5 : 1.5) * pixel, colour: ink(newest ? "text-1" : "text-2") });
        before = left;
      }
    },
  };
}

interface Bar {
  /** Half the length of the lines at its ends; none where bars are crowded. */
  cap: number;
  thick: number;
  colour: string;
}

function bar(plot: uPlot, left: number, { high, low }: Pair, { cap, thick, colour }: Bar): void {
  const { ctx } = plot;
  const top = Math.round(plot.valToPos(high, "y", true));
  const bottom = Math.round(plot.valToPos(low ?? high, "y", true));
  ctx.strokeStyle = colour;
  ctx.lineWidth = thick;
  ctx.beginPath();
  ctx.moveTo(left - cap, top);
  ctx.lineTo(left + cap, top);
  if (low !== undefined) {
    ctx.moveTo(left, top);
    ctx.lineTo(left, bottom);
    ctx.moveTo(left - cap, bottom);
    ctx.lineTo(left + cap, bottom);
  }
  ctx.stroke();
}

// --- reading off ---

/** The value that held where the pointer stands. */
function reading(series: Series, at: number | undefined): Point | undefined {
  return at === undefined ? undefined : series.points.findLast((point) => Date.parse(point.at) <= at);
}

function Readout({ sheet, at, words }: { sheet: Sheet; at: number; words: string }) {
  const left = x(sheet, at);
  if (left < 0) return null;
  return <span className={styles.readout} style={{ left }} data-towards={left > sheet.width - 60 ? "left" : "right"} aria-hidden="true">{words}</span>;
}

/** "Pulse: 104 last, between 88 and 112" for those who hear the page. */
function spokenRow(series: Series): string {
  const values = drawable(series).map((point) => point.value);
  if (values.length === 0) return `${series.label}: no value in this window`;
  const low = Math.min(...values);
  const high = Math.max(...values);
  return `${series.label}: ${values.length} values, between ${low.toFixed(series.decimals)} and ${high.toFixed(series.decimals)}`;
}
