/** A score over the last 24 hours in 128 x 28: a step line, the zone from 7 and the line at 5, its end open when it is not sure. */

import { memo } from "react";
import type { TrendPoint } from "@/api/types";
import { useNow } from "@/time/clock";
import styles from "./Sparkline.module.css";

const WIDTH = 128;
const HEIGHT = 28;
const DAY_MS = 24 * 3_600_000;
/** NEWS2 (RCP 2017, chart 2): urgent response from 5, emergency response from 7. The scale ends at 10; higher stays at the top. */
const URGENT = 5;
const EMERGENCY = 7;
const TOP = 10;
const PAD = 3;
/** Time per pixel: between two of these steps nothing can be seen to move. */
const STEP_MS = DAY_MS / WIDTH;

interface Props {
  trend: readonly TrendPoint[];
  stale: boolean;
  /** What it says, for those who hear it. */
  said: string;
}

export const Sparkline = memo(function Sparkline({ trend, stale, said }: Props) {
  const now = useNow((at) => Math.floor(at / STEP_MS) * STEP_MS + STEP_MS);
  const points = placed(trend, now);
  const last = points.at(-1);
  return (
    <svg className={styles.line} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={said}>
      <rect className={styles.zone} x="0" y={height(TOP)} width={WIDTH} height={height(EMERGENCY) - height(TOP)} />
      <path className={styles.limit} d={`M0 ${height(URGENT)}H${WIDTH}`} />
      {last && (
        <>
          <path className={styles.steps} d={steps(points, stale ? last.x : edge(last))} />
          {stale && <path className={styles.run} d={`M${last.x} ${last.y}H${WIDTH}`} />}
          <End last={last} stale={stale} />
        </>
      )}
    </svg>
  );
});

interface Placed {
  x: number;
  y: number;
  atLeast: boolean;
}

/** Where the points fall. The last one before the window gives the height at its left edge. */
function placed(trend: readonly TrendPoint[], now: number): Placed[] {
  const since = now - DAY_MS;
  const all = trend.map(([at, value, atLeast]) => ({
    x: Math.round(((Date.parse(at) - since) / DAY_MS) * WIDTH),
    y: height(value),
    atLeast,
  }));
  const first = all.findLastIndex((point) => point.x <= 0);
  return (first < 0 ? all : all.slice(first)).map((point) => ({ ...point, x: Math.min(WIDTH - PAD, Math.max(0, point.x)) }));
}

const height = (value: number): number => HEIGHT - PAD - (Math.min(value, TOP) / TOP) * (HEIGHT - 2 * PAD);

const edge = (last: Placed): number => Math.max(last.x, WIDTH - PAD);

function steps(points: readonly Placed[], end: number): string {
  const [first, ...rest] = points;
  return first ? `M${first.x} ${first.y}${rest.map((point) => `H${point.x}V${point.y}`).join("")}H${end}` : "";
}

function End({ last, stale }: { last: Placed; stale: boolean }) {
  if (stale) return <circle className={styles.open} cx={last.x} cy={last.y} r="2.6" />;
  const x = edge(last);
  return last.atLeast ? (
    <path className={styles.caret} d={`M${x - 4} ${last.y + 1}L${x} ${last.y - 4}L${x + 3} ${last.y + 1}`} />
  ) : (
    <circle className={styles.end} cx={x} cy={last.y} r="2.6" />
  );
}
