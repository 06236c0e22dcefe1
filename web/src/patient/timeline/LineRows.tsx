/** Vital signs as lines on the usual range, in the order of the observation chart. */

import { useMemo } from "react";
import { corrections, drawable, find, LINES, unscored } from "@/patient/rows";
import { LastKnown } from "@/patient/timeline/LastKnown";
import { ClampedMarks } from "@/patient/timeline/marks";
import { dot, type Lines, Plot } from "@/patient/timeline/Plot";
import { PressureRow } from "@/patient/timeline/PressureRow";
import { reading, Readout, spokenRow } from "@/patient/timeline/Readout";
import { Row } from "@/patient/timeline/Row";
import { reach } from "@/patient/timeline/scale";
import { type Sheet, useSheet } from "@/patient/timeline/sheet";
import type { Series, TimelineAnswer } from "@/patient/types";
import { unitShown, valueIn } from "@/patient/values";

const HEIGHT = 60;
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
      <ClampedMarks
        unscored={unscored(series)}
        corrected={corrections(answer, [series.name])}
        series={series}
        top={height}
        height={HEIGHT}
      />
      {read && typeof read.value === "number" && <Readout sheet={sheet} at={Date.parse(read.at)} words={valueIn(series, read)} />}
    </Row>
  );
}

function useLines(series: Series, { edge }: Sheet): Lines {
  return useMemo(() => {
    const points = drawable(series);
    const { xs, ys } = broken(points);
    const [low, high] = reach(
      points.map((point) => point.value),
      series.usual,
    );
    const last = points.at(-1);
    return {
      data: [xs, ys],
      low,
      high,
      usual: series.usual,
      paint: (plot, ink) => last && last.at <= edge && dot(plot, last.at, last.value, 3.4, ink("text-1")),
    };
  }, [series, edge]);
}

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
