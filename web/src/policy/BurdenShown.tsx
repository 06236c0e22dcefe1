/** The counted alerts: what they came to for each patient-day, one line for each capability, why people overrode them, and whether messages arrived. */

import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { libraryQuery } from "@/library/queries";
import { plain, sentence, shortTitle } from "@/library/words";
import styles from "@/policy/AlertBurden.module.css";
import { byChannel, channelWords, COUNTS, figures, median, slow } from "@/policy/burdenWords";
import type { AlertBurden, AlertCounts } from "@/policy/types";

export function BurdenShown({ burden }: { burden: AlertBurden }) {
  if (burden.since === null || (burden.patient_days === 0 && burden.total.alerts === 0))
    return (
      <p className={styles.says}>
        <b>There is nothing to count yet.</b> The log has no patient {burden.unit ? `of unit ${burden.unit} ` : ""}in this time. It fills as
        messages arrive.
      </p>
    );
  return (
    <>
      <Figures burden={burden} />
      {burden.total.alerts === 0 ? (
        <p className={styles.says}>– no alert was opened in this time</p>
      ) : (
        <>
          <Capabilities burden={burden} />
          <div className={styles.pair}>
            <Reasons burden={burden} />
            <Deliveries burden={burden} />
          </div>
        </>
      )}
    </>
  );
}

function Figures({ burden }: { burden: AlertBurden }) {
  return (
    <dl className={styles.figures}>
      {figures(burden).map(({ name, value, detail }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <b>{value}</b> <small>{detail}</small>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Capabilities({ burden: { by_capability: lines, total } }: { burden: AlertBurden }) {
  const library = useQuery(libraryQuery).data?.capabilities ?? [];
  const titles = new Map(library.map((each) => [each.id, shortTitle(each.title)]));
  return (
    <table className={styles.capabilities} aria-label="Alerts by capability">
      <thead>
        <tr>
          <th scope="col">Capability</th>
          {COUNTS.map(([, heading]) => (
            <th key={heading} scope="col">
              {heading}
            </th>
          ))}
          <th scope="col">Median answer</th>
          <th scope="col">Nine of ten within</th>
        </tr>
      </thead>
      <tbody>
        {lines.map((each) => (
          <tr key={each.capability} data-capability={each.capability}>
            <th scope="row">
              {titles.has(each.capability) ? (
                <Link to="/library/$id" params={{ id: each.capability }}>
                  {titles.get(each.capability)}
                </Link>
              ) : (
                sentence(plain(each.capability))
              )}
            </th>
            <Cells counts={each} />
          </tr>
        ))}
      </tbody>
      {lines.length > 1 && (
        <tfoot>
          <tr>
            <th scope="row">All</th>
            <Cells counts={total} />
          </tr>
        </tfoot>
      )}
    </table>
  );
}

/** On a phone each number stands over its own heading. */
function Cells({ counts }: { counts: AlertCounts }) {
  return (
    <>
      {COUNTS.map(([name, heading]) => (
        <td key={name} data-heading={heading}>
          {counts[name].toLocaleString("en-GB")}
        </td>
      ))}
      <td data-heading="Median answer">{median(counts)}</td>
      <td data-heading="Nine of ten within">{slow(counts)}</td>
    </>
  );
}

function Reasons({ burden: { override_reasons: reasons } }: { burden: AlertBurden }) {
  const most = Math.max(...reasons.map((each) => each.count));
  return (
    <div>
      <h3>
        Why alerts were overridden <small>the reason each person gave</small>
      </h3>
      {reasons.length === 0 ? (
        <p className="quiet">– none was overridden</p>
      ) : (
        <table className={styles.reasons} aria-label="Why alerts were overridden">
          <thead className="spoken">
            <tr>
              <th scope="col">Reason</th>
              <th scope="col">Alerts</th>
            </tr>
          </thead>
          <tbody>
            {reasons.map(({ code, text, count }) => (
              <tr key={code}>
                <th scope="row">{text}</th>
                <td>{count.toLocaleString("en-GB")}</td>
                <td aria-hidden="true">
                  <i style={{ width: `${(count / most) * 100}%` }} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}

const OUTCOMES = ["sent", "received", "failed"] as const;

function Deliveries({ burden }: { burden: AlertBurden }) {
  const lines = byChannel(burden);
  return (
    <div>
      <h3>
        Messages by channel <small>sent: taken by the channel; received: confirmed by the device; failed: refused or never confirmed</small>
      </h3>
      {lines.length === 0 ? (
        <p className="quiet">– none; alerts were shown on screens</p>
      ) : (
        <table aria-label="Messages by channel">
          <thead>
            <tr>
              <th scope="col">Channel</th>
              {OUTCOMES.map((each) => (
                <th key={each} scope="col">
                  {sentence(each)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {lines.map(({ channel, counts }) => (
              <tr key={channel}>
                <th scope="row">{channelWords(channel)}</th>
                {OUTCOMES.map((each) => (
                  <td key={each}>{(counts[each] ?? 0).toLocaleString("en-GB")}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}
