/** Vital signs in one hand: each with its last value, its age and its course as a small line. */

import { drawable, find, LINES } from "@/patient/rows";
import styles from "@/patient/PhoneVitals.module.css";
import { LastKnown } from "@/patient/timeline/LastKnown";
import { SheetContext } from "@/patient/timeline/sheet";
import { consciousness, oxygen, type State } from "@/patient/timeline/StripRows";
import type { Series, TimelineAnswer } from "@/patient/types";
import { unitShown } from "@/patient/values";
import { age } from "@/time/words";

const WIDTH = 96;
const HEIGHT = 32;

interface Props {
  answer: TimelineAnswer;
  edge: number;
  past: boolean;
}

export function PhoneVitals({ answer, edge, past }: Props) {
  const since = Date.parse(answer.since);
  const sheet = {
    patient: answer.patient,
    axis: { since, until: edge, now: edge, hours: 24 as const },
    width: WIDTH,
    edge,
    past,
    reading: undefined,
  };
  const [respiration, saturation, pulse, temperature] = LINES.map((name) => find(answer, name));
  const systolic = find(answer, "systolic_pressure");
  return (
    <SheetContext value={sheet}>
      <section className={styles.list} aria-label="Vital signs">
        <h2>
          Vital signs <small>last 24 hours</small>
        </h2>
        {respiration && <Vital series={respiration} since={since} edge={edge} />}
        {saturation && <Vital series={saturation} since={since} edge={edge} />}
        {systolic && (
          <Vital series={systolic} second={find(answer, "diastolic_pressure") ?? null} since={since} edge={edge} name="Blood pressure" />
        )}
        {pulse && <Vital series={pulse} since={since} edge={edge} />}
        {temperature && <Vital series={temperature} since={since} edge={edge} />}
        <Coded name="Oxygen" last={oxygen(answer).at(-1)} edge={edge} />
        <Coded name="Consciousness" last={consciousness(answer).at(-1)} edge={edge} />
      </section>
    </SheetContext>
  );
}

interface VitalProps {
  series: Series;
  second?: Series | null | undefined;
  since: number;
  edge: number;
  name?: string;
}

function Vital({ series, second, since, edge, name = series.label }: VitalProps) {
  return (
    <div className={styles.vital}>
      <p>
        {name}
        <small>{unitShown(series.unit)}</small>
      </p>
      <Course series={series} since={since} edge={edge} />
      <LastKnown series={series} second={second} />
    </div>
  );
}

function Course({ series, since, edge }: { series: Series; since: number; edge: number }) {
  const points = drawable(series);
  const values = [...points.map((point) => point.value), ...(series.usual ?? [])];
  const low = Math.min(...values);
  const high = Math.max(...values);
  const y = (value: number) => HEIGHT - 3 - ((value - low) / Math.max(1e-6, high - low)) * (HEIGHT - 6);
  const x = (at: number) => ((at - since) / Math.max(1, edge - since)) * (WIDTH - 4);
  const last = points.at(-1);
  return (
    <svg
      className={styles.course}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={points.length ? `${points.length} values` : "no value"}
    >
      {series.usual && <rect x="0" width={WIDTH} y={y(series.usual[1])} height={Math.max(1, y(series.usual[0]) - y(series.usual[1]))} />}
      <path d={points.map((point, index) => `${index ? "L" : "M"}${x(point.at).toFixed(1)} ${y(point.value).toFixed(1)}`).join("")} />
      {last && <circle cx={x(last.at)} cy={y(last.value)} r="2.6" />}
    </svg>
  );
}

function Coded({ name, last, edge }: { name: string; last: State | undefined; edge: number }) {
  return (
    <div className={styles.vital}>
      <p>{name}</p>
      <span />
      <div className={styles.coded}>
        {last ? (
          <>
            <b>{last.words}</b>
            <small>{age(new Date(last.at).toISOString(), edge)}</small>
          </>
        ) : (
          <small>– not charted</small>
        )}
      </div>
    </div>
  );
}
