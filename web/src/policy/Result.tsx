/** What the replay says: the burden of today's policy and of the proposed one, hour by hour, and every page that would be different. */

import { Empty } from "@/design/Empty";
import { Problem } from "@/design/Problem";
import { Different } from "@/policy/Different";
import { HourPlot } from "@/policy/HourPlot";
import { MeasureTable } from "@/policy/MeasureTable";
import { Quiet } from "@/policy/Quiet";
import styles from "@/policy/Result.module.css";
import { useSeconds } from "@/policy/seconds";
import type { Simulated } from "@/policy/types";

/** A shorter past says nothing about nights or weekends: our own limit. */
const SHORT_DAYS = 1;
const DAY_MS = 86_400_000;

interface Props {
  result: Simulated | undefined;
  error: Error | null;
  running: boolean;
  /** The draft has moved since. */
  outdated: boolean;
  onStop: () => void;
  onAgain: () => void;
  onStart: () => void;
}

export function Result({ result, error, running, outdated, onStop, onAgain, onStart }: Props) {
  return (
    <div className={styles.result} aria-busy={running}>
      {running && <Running onStop={onStop} />}
      {!running && error && <Problem error={error} safe="The policy in force goes on as it is; nothing was recorded." again={onAgain} />}
      {!running && !error && !result && <NotYet onStart={onStart} />}
      {!error &&
        result &&
        (isEmpty(result) ? <NoPast /> : <Shown result={result} outdated={outdated} onStart={running ? undefined : onStart} />)}
    </div>
  );
}

const isEmpty = ({ today }: Simulated): boolean => today.since === null || today.patients === 0;

interface ShownProps {
  result: Simulated;
  outdated: boolean;
  /** Left out while a replay runs. */
  onStart: (() => void) | undefined;
}

function Shown({ result, outdated, onStart }: ShownProps) {
  const { since, until } = result.today;
  const days = since && until ? (Date.parse(until) - Date.parse(since)) / DAY_MS : 0;
  return (
    <>
      {outdated && onStart && (
        <p className={styles.notice} role="status">
          <span>
            <b>The draft has changed.</b> This is what the replay before it said.
          </span>
          <button type="button" className="link" onClick={onStart}>
            Replay again
          </button>
        </p>
      )}
      {days < SHORT_DAYS && (
        <p className={styles.notice}>
          <span>
            <b>Less than a day of the log.</b> Good for trying the page, too little for a decision.
          </span>
        </p>
      )}
      <div className={styles.panels} data-outdated={outdated || undefined}>
        <MeasureTable result={result} />
        <div className={styles.pair}>
          <HourPlot result={result} />
          <Quiet result={result} />
        </div>
        <Different result={result} />
      </div>
    </>
  );
}

function NotYet({ onStart }: { onStart: () => void }) {
  return (
    <Empty title="What would another policy have done?">
      <p>
        Move a number on the left, then replay the past: everything recorded here runs again under today's policy and under the draft.
        Nobody is told anything, nothing is recorded.
      </p>
      <button type="button" className="button" onClick={onStart}>
        Replay the past <kbd>r</kbd>
      </button>
    </Empty>
  );
}

function NoPast() {
  return (
    <Empty title="There is no past to replay yet">
      <p>
        The log has no patient in this time. It fills as messages arrive; a day of it shows the first differences, a month is worth deciding
        on.
      </p>
    </Empty>
  );
}

function Running({ onStop }: { onStop: () => void }) {
  const seconds = useSeconds();
  return (
    <section className={`panel ${styles.running}`} role="status" aria-label="Replay">
      <p>
        <b>Replaying the past</b> under both policies.
        <span aria-hidden="true"> {seconds} s</span>
      </p>
      <p className="fine">A month of a hospital takes minutes. The wards do not notice; leaving this page ends it.</p>
      <button type="button" className="button" onClick={onStop}>
        Stop
      </button>
    </section>
  );
}
