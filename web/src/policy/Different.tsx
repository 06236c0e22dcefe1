/** Every page that would be different: grouped by what became of it, events lost first, then one by one with the chart as of that moment. */

import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { sentence } from "@/library/words";
import { useIsClinical } from "@/policy/clinical";
import styles from "@/policy/Different.module.css";
import type { Difference, Kind, OutcomeOf, Simulated } from "@/policy/types";
import { counted, effect, groupEffect, KINDS, whyWords } from "@/policy/words";
import { clock } from "@/time/clock";
import { moment } from "@/time/words";

/** What takes something away first. */
const ORDER = Object.keys(KINDS) as Kind[];

export function Different({ result }: { result: Simulated }) {
  const [open, setOpen] = useState(false);
  const { counts, differences, reasons, lost, gained } = result;
  const all = ORDER.reduce((sum, kind) => sum + counts[kind], 0);
  const grouped = [...reasons].sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
  const of = (kind: Kind, why: string) => differences.filter((each) => each.kind === kind && each.why === why);
  return (
    <section className={`panel ${styles.panel}`} aria-label="What would be different">
      <h2>
        What would be different{" "}
        <small>
          {all === 0
            ? "nothing"
            : ORDER.filter((kind) => counts[kind] > 0)
                .map((kind) => `${counts[kind]} ${KINDS[kind]}`)
                .join(", ")}
        </small>
        {all > 0 && (
          <button type="button" className="link" aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? "Close the list" : `Open all ${all}`}
          </button>
        )}
      </h2>
      <table>
        <thead>
          <tr>
            <th scope="col">How many</th>
            <th scope="col">Change</th>
            <th scope="col">Why</th>
            <th scope="col">Effect</th>
          </tr>
        </thead>
        <tbody>
          {lost.map((each) => (
            <Event key={`${each.patient} ${each.at}`} event={each} change="lost" why="No page before it any more" />
          ))}
          {gained.map((each) => (
            <Event key={`${each.patient} ${each.at}`} event={each} change="found" why="A page before it, where today there is none" />
          ))}
          {grouped.map(({ kind, why, count }) => (
            <tr key={`${kind} ${why}`}>
              <th scope="row">{sentence(counted(count, "page"))}</th>
              <td>{KINDS[kind]}</td>
              <td>{whyWords(why)}</td>
              <td>{groupEffect(kind, of(kind, why), of(kind, why).length === count)}</td>
            </tr>
          ))}
          {all === 0 && (
            <tr>
              <td colSpan={4} className="quiet">
                – every page goes out as it did
              </td>
            </tr>
          )}
        </tbody>
      </table>
      {open && <List differences={differences} all={all} />}
      <p className={styles.assumption}>
        Event: death in hospital or transfer to intensive care, unless in comfort care. {result.proposed.assumption}
      </p>
    </section>
  );
}

function Event({ event, change, why }: { event: OutcomeOf; change: string; why: string }) {
  return (
    <tr className={styles.event}>
      <th scope="row">
        <At at={event.at} />, {event.what}
      </th>
      <td>{change}</td>
      <td>{why}</td>
      <td>
        <Chart patient={event.patient} at={event.at} />
      </td>
    </tr>
  );
}

const At = ({ at }: { at: string }) => <time dateTime={at}>{moment(at, clock.now())}</time>;

/** The patient as known at that moment, for people who may open charts. */
function Chart({ patient, at }: { patient: string; at: string }) {
  if (!useIsClinical()) return null;
  return (
    <Link to="/patients/$id" params={{ id: patient }} search={{ as_of: at }}>
      Chart at {moment(at, clock.now())}
    </Link>
  );
}

function List({ differences, all }: { differences: readonly Difference[]; all: number }) {
  return (
    <div className={styles.list} tabIndex={0} role="region" aria-label="Every page that would be different">
      <table>
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">Change</th>
            <th scope="col">About</th>
            <th scope="col">Why</th>
            <th scope="col">Effect</th>
            <th scope="col">Chart</th>
          </tr>
        </thead>
        <tbody>
          {differences.map((each, place) => (
            <tr key={place}>
              <th scope="row">
                <At at={each.at} />
              </th>
              <td>{KINDS[each.kind]}</td>
              <td>{[each.capability, each.key].filter(Boolean).join(" ").replaceAll("_", " ")}</td>
              <td>{whyWords(each.why)}</td>
              <td>{effect(each)}</td>
              <td>
                <Chart patient={each.patient} at={each.at} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {all > differences.length && (
        <p className="fine">
          The first {differences.length} of {all} are listed.
        </p>
      )}
    </div>
  );
}
