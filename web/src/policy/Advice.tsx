/** What became of cards that EHRs were given: how often each was shown, followed and overridden, and why. Counted from the log. */

import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Problem } from "@/design/Problem";
import styles from "@/policy/Advice.module.css";
import { adviceQuery } from "@/policy/queries";
import type { AdviceLine } from "@/policy/types";

export function Advice() {
  const { data, error, refetch } = useQuery(adviceQuery);
  return (
    <section className={`panel ${styles.panel}`} aria-label="Advice in the EHR">
      <h2>
        Advice in the EHR <small>cards given at CDS Hooks, by what was asked</small>
      </h2>
      {error && !data && <Problem error={error} safe="Cards are given and answered as before." again={() => void refetch()} />}
      {data?.advice.length === 0 && (
        <p className="fine">
          No EHR has been given a card yet. <Link to="/sandbox">The sandbox EHR</Link> shows how it looks.
        </p>
      )}
      {data && data.advice.length > 0 && <Lines lines={data.advice} />}
    </section>
  );
}

function Lines({ lines }: { lines: readonly AdviceLine[] }) {
  return (
    <div className={styles.scroll} tabIndex={0} role="region" aria-label="Cards by capability">
      <table>
        <thead>
          <tr>
            <th scope="col">Capability</th>
            <th scope="col">Hook</th>
            <th scope="col">Shown</th>
            <th scope="col">Accepted</th>
            <th scope="col">Overridden</th>
            <th scope="col">Reasons</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((each) => (
            <tr key={`${each.capability} ${each.hook}`}>
              <th scope="row">
                <Link to="/library/$id" params={{ id: each.capability }}>
                  {each.title}
                </Link>
              </th>
              <td>{each.hook}</td>
              <td>{each.shown}</td>
              <td>{each.accepted}</td>
              <td>
                <b>{each.overridden}</b> <small>{share(each)}</small>
              </td>
              <td>{each.reasons.map((reason) => `${reason.text} ${reason.count}`).join(", ") || "–"}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Of the cards somebody answered. */
function share({ accepted, overridden }: AdviceLine): string {
  const answered = accepted + overridden;
  return answered ? `${Math.round((100 * overridden) / answered)} % of ${answered} answered` : "";
}
