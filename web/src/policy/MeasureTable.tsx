/** Today and proposed, always in this order, number by number, with a bar for each or the interval of a share. */

import { type Interval, type Measure, measures } from "@/policy/measures";
import styles from "@/policy/Result.module.css";
import type { Simulated } from "@/policy/types";
import { clock } from "@/time/clock";
import { moment } from "@/time/words";

export function MeasureTable({ result }: { result: Simulated }) {
  const { since, until, patients } = result.today;
  const now = clock.now();
  return (
    <section className={`panel ${styles.measures}`} aria-label="Replay">
      <table>
        <thead>
          <tr>
            <th scope="col">
              <b>Replay</b> {since && until && `${moment(since, now)} to ${moment(until, now)}`}, {patients} patients
            </th>
            <th scope="col">Today</th>
            <th scope="col" className={styles.proposed}>
              Proposed
            </th>
            <td>
              <Legend />
            </td>
          </tr>
        </thead>
        <tbody>
          {measures(result).map((each) => (
            <tr key={each.name}>
              <th scope="row">
                {each.name} <small>{each.detail}</small>
              </th>
              <td>{each.today}</td>
              <td>
                <b>{each.proposed}</b>
              </td>
              <td aria-hidden="true">
                <Drawn measure={each} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

export function Legend() {
  return (
    <span className={styles.keys} aria-hidden="true">
      <i data-which="today" /> today <i data-which="proposed" /> proposed
    </span>
  );
}

const percent = (share: number): string => `${share * 100}%`;

function Drawn({ measure: { bars, intervals } }: { measure: Measure }) {
  if (intervals) return intervals.map((each, place) => <Range key={place} which={place === 0 ? "today" : "proposed"} interval={each} />);
  return bars?.map((length, place) => (
    <i key={place} className={styles.bar} data-which={place === 0 ? "today" : "proposed"} style={{ width: percent(length) }} />
  ));
}

function Range({ which, interval: [share, low, high] }: { which: string; interval: Interval }) {
  return (
    <span className={styles.range} data-which={which}>
      <i style={{ left: percent(low), width: percent(high - low) }} />
      <b style={{ left: percent(share) }} />
    </span>
  );
}
