/** Blood pressure as bars from systolic to diastolic; where they would run into each other, as two lines. */

import { useMemo } from "react";
import { corrections, drawable, find, unscored } from "@/patient/rows";
import { LastKnown } from "@/patient/timeline/LastKnown";
import { ClampedMarks } from "@/patient/timeline/marks";
import { type Lines, Plot } from "@/patient/timeline/Plot";
import { Readout, spokenRow } from "@/patient/timeline/Readout";
import { Row } from "@/patient/timeline/Row";
import { isDense, reach, ROOM } from "@/patient/timeline/scale";
import { useSheet } from "@/patient/timeline/sheet";
import type { TimelineAnswer } from "@/patient/types";

const PRESSURE_HEIGHT = 80;

export function PressureRow({ answer }: { answer: TimelineAnswer }) {
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
        series={systolic}
        top={height}
        height={PRESSURE_HEIGHT}
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
    low,
    high,
    usual,
    hidden: !dense,
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
