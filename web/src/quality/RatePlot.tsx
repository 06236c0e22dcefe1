/** A measure's rate month by month: a dot where stays were counted, a bar for how sure it is, nothing where there were none. */

import styles from "@/quality/Quality.module.css";
import type { Measure } from "@/quality/types";
import { counted, month, percent } from "@/quality/words";

const WIDTH = 300;
const HEIGHT = 64;
const FOOT = 14;
const HEAD = 4;

export function RatePlot({ measure }: { measure: Measure }) {
  const { months } = measure;
  const step = WIDTH / Math.max(months.length, 1);
  const level = (share: number) => HEAD + (1 - share) * (HEIGHT - HEAD - FOOT);
  const known = months.filter(({ rate }) => rate.share !== null);
  if (known.length === 0) return null;
  const said = known.map(({ month: key, rate }) => `${month(key)} ${percent(rate.share ?? 0)}, ${counted(rate)}`).join("; ");
  return (
    <svg className={styles.plot} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={`By month: ${said}`}>
      <line x1="0" x2={WIDTH} y1={level(0)} y2={level(0)} className={styles.axis} />
      <line x1="0" x2={WIDTH} y1={level(1)} y2={level(1)} className={styles.grid} />
      {months.map(({ month: key, rate }, place) => {
        const x = (place + 0.5) * step;
        return (
          <g key={key}>
            {rate.share !== null && rate.low !== null && rate.high !== null && (
              <>
                <title>{`${month(key)}: ${percent(rate.share)}, ${counted(rate)}`}</title>
                <line x1={x} x2={x} y1={level(rate.low)} y2={level(rate.high)} className={styles.span} />
                <circle cx={x} cy={level(rate.share)} r="3.5" className={styles.dot} />
              </>
            )}
            {(months.length <= 6 || place % 3 === 0) && (
              <text x={x} y={HEIGHT - 2} textAnchor="middle" className={styles.tick}>
                {month(key)}
              </text>
            )}
          </g>
        );
      })}
    </svg>
  );
}
