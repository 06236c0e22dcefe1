/** One measure: its rate and how sure it is, month by month, and its populations, each of which opens onto who is in it and why. */

import { Link } from "@tanstack/react-router";
import { Members } from "@/quality/Members";
import styles from "@/quality/Quality.module.css";
import { RatePlot } from "@/quality/RatePlot";
import type { Measure } from "@/quality/types";
import { counted, interval, isOpen, percent } from "@/quality/words";

interface Props {
  measure: Measure;
  period: string;
  /** Of this measure, the population whose members are shown. */
  population: string | undefined;
}

export function MeasureCard({ measure, period, population }: Props) {
  const heading = `measure-${measure.id}`;
  return (
    <section className={`panel ${styles.card}`} aria-labelledby={heading} data-measure={measure.id}>
      <div className={styles.summary}>
        <header>
          <h2 id={heading}>{measure.title}</h2>
          <p className={styles.question}>{capital(measure.question)}</p>
          <p className={styles.fine}>
            {measure.reference.split(";")[0]}
            {measure.standing === "provisional" && <b> Provisional</b>}
          </p>
          <p className={styles.fine}>
            <Link to="/library/$id" params={{ id: measure.id }}>
              How it is decided<span className="spoken">: {measure.title}</span>
            </Link>
          </p>
        </header>
        <Share measure={measure} />
        <RatePlot measure={measure} />
      </div>
      <Populations measure={measure} period={period} population={population} />
      {measure.unanswered.map(({ reason, patients }) => (
        <p key={reason} className={styles.unanswered}>
          <b>Not answered for {patients === 1 ? "1 patient" : `${patients} patients`}:</b> {reason}.
        </p>
      ))}
      {population && <Members key={population} measure={measure} period={period} population={population} />}
    </section>
  );
}

function Share({ measure: { rate } }: { measure: Measure }) {
  if (rate === null) return null;
  if (rate.share === null) return <p className={styles.share}>– nobody counts</p>;
  return (
    <p className={styles.share}>
      <b>{percent(rate.share)}</b>
      <span>{counted(rate)}</span>
      <small>{interval(rate)}</small>
    </p>
  );
}

function Populations({ measure, period, population }: Props) {
  if (measure.populations.length === 0) return null;
  return (
    <ul className={styles.populations} aria-label={`Populations of ${measure.title}`}>
      {measure.populations.map((each) => (
        <li key={each.name}>
          {isOpen(each) ? (
            <Link
              to="/quality"
              search={each.name === population ? { period } : { period, measure: measure.id, population: each.name }}
              resetScroll={false}
              className={styles.population}
              aria-expanded={each.name === population}
            >
              <b>{each.count}</b> {each.words}
            </Link>
          ) : (
            <span className={styles.population}>
              <b>0</b> {each.words}
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
