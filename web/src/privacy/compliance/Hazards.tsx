/** The hazard log: what could harm a patient, on a plane of severity and probability, without the measures and with them. */

import { useQuery } from "@tanstack/react-query";
import { Problem } from "@/design/Problem";
import styles from "@/privacy/compliance/Hazards.module.css";
import { type Hazard, type HazardLog, hazardsQuery } from "@/privacy/compliance/queries";
import { WORDS } from "@/privacy/compliance/words";
import system from "@/system/System.module.css";

const FROM_FREQUENT = [5, 4, 3, 2, 1] as const;
const FROM_NEGLIGIBLE = [1, 2, 3, 4, 5] as const;

export function Hazards() {
  const { data, error, refetch } = useQuery(hazardsQuery);
  if (error && !data) return <Problem error={error} again={() => void refetch()} />;
  if (!data) return null;
  return (
    <section className="panel" aria-label="Hazard log">
      <h2 className={system.head}>Hazard log</h2>
      <p className={system.says}>
        ISO 14971. The estimates are ours, <b>provisional until your clinical safety officer confirms them</b>. Every measure names tests.
      </p>
      <div className={styles.planes}>
        <Plane log={data} title="Without measures" at={(each) => each.probability} />
        <Plane log={data} title="With measures" at={(each) => each.residual} />
      </div>
      <ul>
        {data.hazards.map((each) => (
          <Line key={each.id} hazard={each} />
        ))}
      </ul>
    </section>
  );
}

function Plane({ log, title, at }: { log: HazardLog; title: string; at: (hazard: Hazard) => number }) {
  return (
    <table className={styles.plane}>
      <caption>{title}</caption>
      <tbody>
        {FROM_FREQUENT.map((probability) => (
          <tr key={probability}>
            <th scope="row">{log.probability[probability]}</th>
            {FROM_NEGLIGIBLE.map((severity) => (
              <td key={severity} data-risk={severity * probability >= 12 ? "high" : severity * probability > 6 ? "middle" : "low"}>
                {log.hazards
                  .filter((each) => each.severity === severity && at(each) === probability)
                  .map((each) => each.id.slice(2))
                  .join(" ")}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <td />
          {FROM_NEGLIGIBLE.map((severity) => (
            <th key={severity} scope="col">
              {log.severity[severity]}
            </th>
          ))}
        </tr>
      </tfoot>
    </table>
  );
}

function Line({ hazard }: { hazard: Hazard }) {
  const open = hazard.measures.filter(({ state }) => state !== "shown");
  return (
    <li className={styles.hazard} data-hazard={hazard.id}>
      <details>
        <summary>
          <code>{hazard.id}</code> <b>{hazard.hazard}</b>
          <span>
            {hazard.after}; {open.length === 0 ? "every measure shown" : `${open.length} of ${hazard.measures.length} measures not shown`}
          </span>
        </summary>
        <p>
          {hazard.sequence} Harm: {hazard.harm.toLowerCase()}.
        </p>
        <ul>
          {hazard.measures.map(({ what, state }) => (
            <li key={what}>
              <b>{WORDS[state]}.</b> {what}
            </li>
          ))}
        </ul>
        <p>What is left: {hazard.left}</p>
      </details>
    </li>
  );
}
