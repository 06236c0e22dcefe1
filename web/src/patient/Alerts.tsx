/** A patient's alerts: the open ones with what can be done, then the history as a list. */

import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { type Target, useActs } from "@/acts/acts";
import type { QueueItem } from "@/api/types";
import { rolesShown, stateShown } from "@/board/words";
import { Age } from "@/design/Age";
import { Problem } from "@/design/Problem";
import { SeverityMark } from "@/design/SeverityMark";
import { AlertSummary } from "@/patient/AlertSummary";
import styles from "@/patient/Alerts.module.css";
import { alertsQuery, type Moment } from "@/patient/queries";
import { type Binding, useKeys } from "@/shell/keys";
import { clock } from "@/time/clock";
import { age, moment } from "@/time/words";

interface Props {
  patient: string;
  /** Undefined: now. In the past an alert can be read, not decided. */
  asOf?: Moment;
  /** Beside something else only the latest closed ones are shown; this leads to all. */
  onAll?: () => void;
}

/** Closed alerts shown beside the timeline. */
const FEW = 3;

export function Alerts({ patient, asOf, onAll }: Props) {
  const { data, error, refetch } = useQuery(alertsQuery(patient, asOf));
  const now = asOf === undefined ? clock.now() : Date.parse(asOf);
  useAlertKeys(asOf === undefined ? data?.open[0] : undefined);
  if (error) return <Problem error={error} again={() => void refetch()} />;
  const closed = data?.history.slice(0, onAll ? FEW : undefined) ?? [];
  return (
    <section className={styles.panel} aria-label="Alerts">
      <h2 className={styles.head}>
        Alerts <small>{data ? `${data.open.length} open, ${data.history.length} closed` : ""}</small>
      </h2>
      {data?.open.map((item) => (
        <OpenAlert key={item.alert} item={item} now={now} past={asOf !== undefined} />
      ))}
      {data?.open.length === 0 && <p className={styles.none}>{asOf === undefined ? "No alert is open." : "No alert was open."}</p>}
      {closed.map((item) => (
        <PastAlert key={item.alert} item={item} now={now} />
      ))}
      {data && closed.length < data.history.length && (
        <button type="button" className={`link ${styles.all}`} onClick={onAll}>
          {data.history.length - closed.length} earlier
        </button>
      )}
    </section>
  );
}

function useAlertKeys(first: QueueItem | undefined): void {
  const acts = useActs();
  useKeys(
    useMemo((): Binding[] => {
      if (!first) return [];
      const target = targetOf(first);
      return [
        { keys: "a", says: "Acknowledge the first open alert", group: "Alerts", run: () => acts.acknowledge(target) },
        { keys: "o", says: "Override it with a reason", group: "Alerts", run: () => acts.override(target) },
        { keys: "e", says: "Escalate it with a comment", group: "Alerts", run: () => acts.escalate(target) },
      ];
    }, [first, acts]),
  );
}

export function OpenAlert({ item, now, past = false }: { item: QueueItem; now: number; past?: boolean }) {
  return (
    <article className={styles.open}>
      <header>
        <SeverityMark severity={item.severity} seen={item.seen} state={stateShown(item)} word={word(item)} />
        <b>
          <AlertSummary item={item} />
        </b>
      </header>
      <p className="fine">
        Opened {moment(item.opened_at, now)}, {past ? age(item.opened_at, now) : <Age at={item.opened_at} />} ago.
        {item.escalates_at && ` Goes to ${rolesShown(item.escalates_to)} at ${moment(item.escalates_at, now)} if not acknowledged.`}
        {item.quiet && ` Kept quiet: ${item.quiet.replaceAll("_", " ")}.`}
      </p>
      <p>{item.action}</p>
      {past ? <p className="fine">This is the past: return to now to decide.</p> : <Buttons item={item} />}
      <History item={item} now={now} />
    </article>
  );
}

function Buttons({ item }: { item: QueueItem }) {
  const acts = useActs();
  const target = targetOf(item);
  return (
    <div className={styles.buttons}>
      <Acknowledge item={item} />
      <button type="button" className="button" onClick={() => acts.override(target)}>
        Override
      </button>
      <button type="button" className="button" onClick={() => acts.escalate(target)}>
        Escalate
      </button>
    </div>
  );
}

/** The first of the three decisions, or which of them was made. */
export function Acknowledge({ item }: { item: QueueItem }) {
  const acts = useActs();
  return (
    <button type="button" className="button main" disabled={isDecided(item)} onClick={() => acts.acknowledge(targetOf(item))}>
      {isDecided(item) ? sentence(item.state) : "Acknowledge"}
    </button>
  );
}

function PastAlert({ item, now }: { item: QueueItem; now: number }) {
  return (
    <article className={styles.past}>
      <time dateTime={item.opened_at}>{moment(item.opened_at, now)}</time>
      <div>
        <SeverityMark severity={item.severity} word={word(item)} />
        <p>
          <AlertSummary item={item} />. {sentence(item.state)}
          {item.closed_at && ` ${moment(item.closed_at, now)}`}.
        </p>
        <details>
          <summary>What happened</summary>
          <History item={item} now={now} />
        </details>
      </div>
    </article>
  );
}

/** What people and the ladder did; the deliveries of messages stay folded away behind their number. */
export function History({ item, now }: { item: QueueItem; now: number }) {
  const delivered = item.history.filter((each) => each.what === "notified");
  const done = item.history.filter((each) => each.what !== "notified");
  return (
    <div className={styles.history}>
      <Entries entries={done} now={now} />
      {delivered.length > 0 && (
        <details>
          <summary>{delivered.length === 1 ? "1 message" : `${delivered.length} messages`} sent about it</summary>
          <Entries entries={delivered} now={now} />
        </details>
      )}
    </div>
  );
}

function Entries({ entries, now }: { entries: QueueItem["history"]; now: number }) {
  return (
    <ol>
      {inARow(entries).map(([each, ...again], index) => (
        <li key={index}>
          <time dateTime={each.at}>{moment(each.at, now)}</time>
          <span>
            {sentence(each.what)}
            {each.who && each.who !== "Wardline" && ` by ${each.who}`}
            {each.comment && `: ${each.comment.replaceAll("_", " ")}`}
            {again.length > 0 && `, ${again.length + 1} times until ${moment(again.at(-1)?.at ?? each.at, now)}`}
          </span>
        </li>
      ))}
    </ol>
  );
}

type Entry = QueueItem["history"][number];

/** The same thing several times in a row is told once: an alert that nobody answers is sent on again and again. */
function inARow(entries: readonly Entry[]): [Entry, ...Entry[]][] {
  const runs: [Entry, ...Entry[]][] = [];
  for (const entry of entries) {
    const run = runs.at(-1);
    if (run && run[0].what === entry.what && run[0].who === entry.who && run[0].comment === entry.comment) run.push(entry);
    else runs.push([entry]);
  }
  return runs;
}

export function targetOf(item: QueueItem): Target {
  const label = [item.patient.bed && `bed ${item.patient.bed}`, item.patient.family, item.summary].filter(Boolean).join(", ");
  return { alert: item.alert, patient: item.patient.id, label, escalatesTo: rolesShown(item.escalates_to) };
}

export const isAcknowledged = (item: QueueItem): boolean => item.state === "acknowledged";

const isDecided = (item: QueueItem): boolean => isAcknowledged(item) || item.state === "overridden";

export function word({ severity }: QueueItem): string {
  return { high: "High", medium: "Medium", low: "Low", none: "Note" }[severity];
}

const sentence = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);
