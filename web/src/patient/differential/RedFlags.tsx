/** Red flags, before anything else, by what to do about them: no probability talks them down. */

import type { Time } from "@/api/types";
import { SeverityMark } from "@/design/SeverityMark";
import styles from "@/patient/differential/Differential.module.css";
import type { RedFlag } from "@/patient/differential/types";
import { moment } from "@/time/words";

export function RedFlags({ flags, now }: { flags: RedFlag[]; now: Time }) {
  const actions = [...new Set(flags.map((flag) => flag.action))];
  return (
    <section className={`panel ${styles.flags}`} aria-label="Red flags" aria-live="polite">
      <h2>
        Red flags{" "}
        <small>
          {flags.length === 0
            ? "none among what is known; what was not asked is not excluded"
            : "act on these first, whatever the list below says"}
        </small>
      </h2>
      {actions.map((action) => (
        <div key={action} className={styles.flag}>
          <SeverityMark severity="medium" word="Red flag" />
          <b>{action}</b>
          <ul aria-label={action}>
            {flags
              .filter((flag) => flag.action === action)
              .map((flag) => (
                <li key={flag.id}>
                  {flag.name} {flag.at && <time dateTime={flag.at}>{moment(flag.at, Date.parse(now))}</time>}
                  <small>{flag.source}</small>
                </li>
              ))}
          </ul>
        </div>
      ))}
    </section>
  );
}
