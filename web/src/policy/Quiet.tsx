/** Alerts that were kept from interrupting, by the reason for it, under both policies. */

import styles from "@/policy/Result.module.css";
import type { Simulated } from "@/policy/types";
import { whyWords } from "@/policy/words";

export function Quiet({ result: { today, proposed } }: { result: Simulated }) {
  const count = (list: readonly { reason: string; count: number }[], reason: string) =>
    list.find((each) => each.reason === reason)?.count ?? 0;
  const reasons = [...new Set([...today.quiet, ...proposed.quiet].map((each) => each.reason))];
  return (
    <section className={`panel ${styles.quiet}`} aria-label="Kept quiet">
      <h2>
        Kept quiet <small>alerts that interrupted nobody, by reason</small>
      </h2>
      {reasons.length === 0 ? (
        <p className="quiet">– none, under either policy</p>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">Reason</th>
              <th scope="col">Today</th>
              <th scope="col" className={styles.proposed}>
                Proposed
              </th>
            </tr>
          </thead>
          <tbody>
            {reasons.map((each) => (
              <tr key={each}>
                <th scope="row">{whyWords(each)}</th>
                <td>{count(today.quiet, each)}</td>
                <td>
                  <b>{count(proposed.quiet, each)}</b>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
