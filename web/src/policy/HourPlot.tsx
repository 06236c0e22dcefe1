/** When in the day the pages go out, under both policies: one step for each hour. */

import { useElementSize } from "@mantine/hooks";
import { useEffect, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { useTheme } from "@/design/theme";
import { Legend } from "@/policy/MeasureTable";
import styles from "@/policy/Result.module.css";
import type { Burden, Simulated } from "@/policy/types";

const HEIGHT = 176;
const HOURS = Array.from({ length: 25 }, (_, hour) => hour);
const WHOLE_HOURS = [0, 6, 12, 18, 24];

export function HourPlot({ result }: { result: Simulated }) {
  const { today, proposed } = result;
  return (
    <section className={`panel ${styles.plot}`} aria-label="Pages by hour of day">
      <h2>
        Pages by hour of day <small>pages in each hour, all days together</small>
        <Legend />
      </h2>
      <div role="img" aria-label={`Today ${spoken(today)}; proposed ${spoken(proposed)}`}>
        <Plot today={today.hour_of_day} proposed={proposed.hour_of_day} />
      </div>
    </section>
  );
}

/** "most from 08:00, 5 pages" */
function spoken({ hour_of_day: pages }: Burden): string {
  const most = Math.max(...pages);
  return most === 0 ? "no page" : `most from ${clockHour(pages.indexOf(most))}, ${most} pages`;
}

const clockHour = (hour: number): string => `${String(hour).padStart(2, "0")}:00`;

function Plot({ today, proposed }: { today: readonly number[]; proposed: readonly number[] }) {
  const place = useRef<HTMLDivElement>(null);
  const { ref, width } = useElementSize();
  const { theme } = useTheme();
  useEffect(() => {
    if (!place.current || width === 0) return undefined;
    const data = [HOURS, closed(today), closed(proposed)] as uPlot.AlignedData;
    const plot = new uPlot(options(width, Math.max(1, ...today, ...proposed)), data, place.current);
    return () => plot.destroy();
  }, [today, proposed, width, theme]);
  return (
    <div ref={ref} style={{ height: HEIGHT }}>
      <div ref={place} />
    </div>
  );
}

/** The last hour reaches to midnight. */
const closed = (pages: readonly number[]): number[] => [...pages, pages.at(-1) ?? 0];

function options(width: number, most: number): uPlot.Options {
  const style = getComputedStyle(document.documentElement);
  const ink = (token: string) => style.getPropertyValue(`--${token}`).trim();
  const axis: uPlot.Axis = {
    stroke: ink("text-3"),
    font: `12px ${ink("family")}`,
    ticks: { show: false },
    grid: { stroke: ink("line"), width: 1 },
  };
  const steps = uPlot.paths.stepped?.({ align: 1 });
  const line = (stroke: string, thick: number): uPlot.Series => ({
    stroke,
    width: thick,
    points: { show: false },
    ...(steps ? { paths: steps } : {}),
  });
  return {
    width,
    height: HEIGHT,
    padding: [8, 24, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    scales: { x: { time: false, range: [0, 24] }, y: { range: [0, most * 1.08] } },
    axes: [
      { ...axis, grid: { show: false }, splits: WHOLE_HOURS, values: (_, hours) => hours.map(clockHour), size: 28 },
      { ...axis, size: 36, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000], space: 36 },
    ],
    series: [{}, line(ink("text-2"), 1.5), line(ink("accent"), 2)],
  };
}
