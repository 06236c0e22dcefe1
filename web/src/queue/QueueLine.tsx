/** One alert that waits: how urgent, whose, why, how long against its limit, and the three decisions. */

import { Link } from "@tanstack/react-router";
import { useActs } from "@/acts/acts";
import type { QueueItem } from "@/api/types";
import { fullName, rolesShown, sexAndAge, stateShown } from "@/board/words";
import { SeverityMark } from "@/design/SeverityMark";
import { AlertSummary } from "@/patient/AlertSummary";
import { Acknowledge, isAcknowledged, targetOf, word } from "@/patient/Alerts";
import styles from "@/queue/Queue.module.css";
import { useNow } from "@/time/clock";
import { duration, moment } from "@/time/words";

export function QueueLine({ item }: { item: QueueItem }) {
  const acts = useActs();
  const target = targetOf(item);
  const { patient } = item;
  return (
    <li className={styles.line} data-alert={item.alert} tabIndex={0} aria-label={target.label}>
      <div className={styles.mark}>
        <SeverityMark severity={item.severity} seen={item.seen} state={stateShown(item)} word={word(item)} />
      </div>
      <div className={styles.who}>
        <Link to="/patients/$id" params={{ id: patient.id }} tabIndex={-1}>
          {fullName(patient)}
        </Link>
        <small>{[patient.unit, patient.bed && `bed ${patient.bed}`, sexAndAge(patient), patient.number].filter(Boolean).join(", ")}</small>
      </div>
      <div className={styles.what}>
        <b>
          <AlertSummary item={item} />
        </b>
        <small>{item.reason}</small>
      </div>
      <div className={`${styles.what} ${styles.next}`}>
        <span>{item.action}</span>
        <small>
          <Next item={item} />
        </small>
      </div>
      <Waiting item={item} />
      <div className={styles.buttons}>
        <Acknowledge item={item} />
        <button type="button" className="button" onClick={() => acts.override(target)}>
          Override
        </button>
        <button type="button" className="button" onClick={() => acts.escalate(target)}>
          Escalate
        </button>
      </div>
    </li>
  );
}

function Next({ item }: { item: QueueItem }) {
  const at = useNow((now) => (item.escalates_at ? moment(item.escalates_at, now) : ""));
  const owner = item.owner ? rolesShown([item.owner]) : "nobody";
  if (isAcknowledged(item)) return <>Taken on by {owner}</>;
  return at ? (
    <>
      With the {owner}, goes to {rolesShown(item.escalates_to)} at {at}
    </>
  ) : (
    <>With the {owner}</>
  );
}

/** The time it has waited, as words and as a line against its limit. */
function Waiting({ item }: { item: QueueItem }) {
  const seconds = useNow((now) => Math.max(0, Math.floor((now - Date.parse(item.opened_at)) / 1_000)) || item.waiting_seconds);
  const limit = item.limit_seconds;
  const late = limit !== null && seconds > limit;
  return (
    <div className={styles.waiting} data-late={late || undefined}>
      <b>{duration(seconds)}</b>
      {limit !== null && (
        <>
          <small>{late ? `limit ${duration(limit)} passed` : `of ${duration(limit)}`}</small>
          <span className={styles.limit}>
            <i style={{ width: `${Math.min(100, (seconds / limit) * 100)}%` }} />
          </span>
        </>
      )}
    </div>
  );
}
