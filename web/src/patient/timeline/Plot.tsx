/** One row of a line over time, drawn by uPlot: the usual range as a quiet band, then whatever the row draws on it. */

import { useEffect, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { useTheme } from "@/design/theme";
import type { Axis } from "@/patient/axis";

export interface Lines {
  /** Times in milliseconds, then one list of heights for each line; null breaks the line. */
  data: readonly (readonly (number | null)[])[];
  low: number;
  high: number;
  usual: readonly [number, number] | null;
  /** Draws on the canvas once the lines stand. */
  paint?: (plot: uPlot, ink: Ink) => void;
  stepped?: boolean;
  hidden?: boolean;
}

export type Ink = (token: string) => string;

interface Props {
  axis: Axis;
  width: number;
  height: number;
  lines: Lines;
}

export function Plot({ axis, width, height, lines }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const { theme } = useTheme();
  useEffect(() => {
    if (!place.current || width === 0) return undefined;
    const plot = new uPlot(options(axis, width, height, lines), lines.data.map((each) => [...each]) as uPlot.AlignedData, place.current);
    return () => plot.destroy();
  }, [axis, width, height, lines, theme]);
  return <div ref={place} style={{ height }} aria-hidden="true" />;
}

function options(axis: Axis, width: number, height: number, lines: Lines): uPlot.Options {
  const style = getComputedStyle(document.documentElement);
  const ink: Ink = (token) => style.getPropertyValue(`--${token}`).trim();
  const steps = uPlot.paths.stepped?.({ align: 1 });
  const line: uPlot.Series = {
    stroke: ink("text-2"),
    width: lines.hidden ? 0 : 1.5,
    points: {
      show: !lines.hidden && !lines.stepped,
      size: 4,
      fill: ink("text-2"),
      width: 0,
      filter: (plot, series, show) => (show ? apart(plot, series) : []),
    },
    ...(lines.stepped && steps ? { paths: steps } : {}),
  };
  return {
    width,
    height,
    padding: [0, 0, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    axes: [{ show: false }, { show: false }],
    scales: { x: { time: false, range: [axis.since, axis.until] }, y: { range: [lines.low, lines.high] } },
    series: [{}, ...lines.data.slice(1).map(() => line)],
    hooks: {
      drawClear: [(plot) => lines.usual && band(plot, lines.usual, ink("band"))],
      draw: [(plot) => lines.paint?.(plot, ink)],
    },
  };
}

/** Pixels between two dots: a monitor's values would come and go with every gap. */
const ROOM_FOR_A_DOT = 12;

/** The values whose dot has room; the line alone tells the rest. */
function apart(plot: uPlot, series: number): number[] {
  const places = [...plot.data[0]].flatMap((at, index) =>
    plot.data[series]?.[index] == null ? [] : [[index, plot.valToPos(at, "x")] as const],
  );
  const far = (a: number, b: number | undefined) => b === undefined || Math.abs(a - b) >= ROOM_FOR_A_DOT;
  return places.filter(([, x], place) => far(x, places[place - 1]?.[1]) && far(x, places[place + 1]?.[1])).map(([index]) => index);
}

function band(plot: uPlot, [low, high]: readonly [number, number], colour: string): void {
  const top = plot.valToPos(high, "y", true);
  plot.ctx.fillStyle = colour;
  plot.ctx.fillRect(plot.bbox.left, top, plot.bbox.width, plot.valToPos(low, "y", true) - top);
}

/** A dot of this radius in CSS pixels. */
export function dot(plot: uPlot, x: number, y: number, radius: number, colour: string): void {
  const { ctx } = plot;
  ctx.beginPath();
  ctx.arc(plot.valToPos(x, "x", true), plot.valToPos(y, "y", true), radius * devicePixelRatio, 0, 2 * Math.PI);
  ctx.fillStyle = colour;
  ctx.fill();
}
