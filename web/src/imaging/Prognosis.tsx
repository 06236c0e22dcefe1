/** The site's own survival model about this person: the curve with how uncertain it is, what went in, what the model is worth; or why there is none. */

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Problem } from "@/design/Problem";
import { Skeleton } from "@/design/Skeleton";
import styles from "@/imaging/Case.module.css";
import { ModelCard } from "@/imaging/ModelCard";
import { prognosisQuery } from "@/imaging/queries";
import { medianOf, span, stepBand, stepLine } from "@/imaging/survival";
import type { Prognosis as Told } from "@/imaging/types";
import { number } from "@/imaging/words";

type Curve = NonNullable<Told["curve"]>;

export function Prognosis({ study, standing }: { study: string; standing: string }) {
  const { data, error, refetch } = useQuery(prognosisQuery(study));
  return (
    <section className={`panel ${styles.provenance}`} aria-label="Prognosis">
      <header>
        <h2>Prognosis{standing !== "verified" && ` (${standing})`}</h2>
        {data?.curve && !data.active && <p className="fine">Silent: shown here only, until this site activates it.</p>}
      </header>
      {error && <Problem error={error} again={() => void refetch()} />}
      {!data && !error && <Skeleton width="60%" />}
      {data && (data.curve ? <Survival curve={data.curve} /> : <p className={styles.said}>– none: {data.reason || "not analysed yet"}.</p>)}
    </section>
  );
}

function Survival({ curve }: { curve: Curve }) {
  const [open, setOpen] = useState(false);
  const last = curve.months.length - 1;
  const median = medianOf(curve.months, curve.survival);
  const ends = `${months(curve.months[last] ?? 0)} months`;
  return (
    <>
      <Plot curve={curve} />
      <div className={styles.said}>
        <p>
          <b>{percent(curve.survival[last])}</b> free of {curve.outcome} at {ends} ({span(curve.low[last], curve.high[last])}, the model’s
          own uncertainty). {median === undefined ? `The median lies beyond ${ends}.` : `Median ${months(median)} months.`}
        </p>
        <p className="fine">
          It orders people by risk. It does not know what a treatment would change and must not decide on one.{" "}
          <button type="button" className="link" aria-expanded={open} onClick={() => setOpen(!open)}>
            What went in
          </button>
        </p>
      </div>
      {open && <ModelCard curve={curve} />}
    </>
  );
}

const percent = (share: number | undefined): string => `${Math.round((share ?? 0) * 100)} %`;
/** "24", "6.5" */
const months = (value: number): string => number(value, Number.isInteger(value) ? 0 : 1);

const WIDTH = 480;
const HEIGHT = 168;
const LEFT = 44;
const RIGHT = 12;
const TOP = 10;
const BOTTOM = 36;

function Plot({ curve }: { curve: Curve }) {
  const { months: times, survival, low, high, outcome } = curve;
  const end = times.at(-1) ?? 1;
  const x = (month: number): number => LEFT + (month / end) * (WIDTH - LEFT - RIGHT);
  const y = (share: number): number => TOP + (1 - share) * (HEIGHT - TOP - BOTTOM);
  const median = medianOf(times, survival);
  const last = times.length - 1;
  return (
    <figure className={styles.survival}>
      <figcaption>
        <b>Free of {outcome}</b> with the model’s 95 % interval
      </figcaption>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={`Chance to be free of ${outcome}: ${percent(survival[last])}, ${span(low[last], high[last])}, at ${months(end)} months`}
      >
        {[0, 0.5, 1].map((share) => (
          <g key={share}>
            <line x1={LEFT} x2={WIDTH - RIGHT} y1={y(share)} y2={y(share)} />
            <text x={LEFT - 6} y={y(share) + 4} textAnchor="end">
              {percent(share)}
            </text>
          </g>
        ))}
        <path className={styles.band} d={stepBand(times, low, high, x, y)} />
        <path className={styles.curve} d={stepLine(times, survival, x, y)} />
        {median !== undefined && <path className={styles.median} d={`M${x(median)} ${y(0.5)}V${y(0)}`} />}
        {[0, end / 2, end].map((month) => (
          <text key={month} x={x(month)} y={HEIGHT - 20} textAnchor={month === end ? "end" : month === 0 ? "start" : "middle"}>
            {months(month)}
          </text>
        ))}
        <text x={LEFT + (WIDTH - LEFT - RIGHT) / 2} y={HEIGHT - 4} textAnchor="middle" className={styles.none}>
          months from the study
        </text>
      </svg>
    </figure>
  );
}
