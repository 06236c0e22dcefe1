/** A signed report is taken back: who may do it says why; whoever opens it sees at once that it is not valid. */

import { type FormEvent, useState } from "react";
import styles from "@/imaging/report/Report.module.css";
import type { Report } from "@/imaging/report/types";
import { clock } from "@/time/clock";
import { moment } from "@/time/words";

const SHORTEST_REASON = 3;

export function Banner({ report }: { report: Report }) {
  if (report.state === "waiting")
    return (
      <p className={styles.banner} role="status">
        <b>Not valid for now.</b> Its study may belong to another patient. It stands again when the study is placed with this one; else
        withdraw it.
      </p>
    );
  if (!report.withdrawn) return null;
  const { by, at, reason } = report.withdrawn;
  return (
    <p className={styles.banner} role="status">
      <b>Withdrawn, not valid.</b> By {by}, {moment(at, clock.now())}: {reason}. What it says must not be acted on.
    </p>
  );
}

interface Props {
  report: Report;
  busy: boolean;
  onWithdraw: (reason: string, anotherPatient: boolean) => Promise<boolean>;
}

export function Withdraw({ report, busy, onWithdraw }: Props) {
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState("");
  const [another, setAnother] = useState(report.state === "waiting");
  if (!asking)
    return (
      <button type="button" className="button" onClick={() => setAsking(true)}>
        Withdraw the report
      </button>
    );
  const withdraw = async (event: FormEvent) => {
    event.preventDefault();
    await onWithdraw(reason.trim(), another);
  };
  return (
    <form className={styles.writing} onSubmit={(event) => void withdraw(event)}>
      <label>
        <span>Why it is withdrawn</span>
        <textarea value={reason} rows={2} maxLength={500} onChange={(event) => setReason(event.currentTarget.value)} autoFocus />
      </label>
      <label>
        <input type="checkbox" checked={another} onChange={(event) => setAnother(event.currentTarget.checked)} /> It stood on the wrong
        patient’s chart
      </label>
      <p>
        It cannot be made valid again. Every system that was sent it is told, with the reason. What was signed stays readable in the past.
      </p>
      <div className={styles.buttons}>
        <span />
        <button type="button" className="button" onClick={() => setAsking(false)}>
          Cancel
        </button>
        <button type="submit" className="button main" disabled={busy || reason.trim().length < SHORTEST_REASON}>
          Withdraw it for good
        </button>
      </div>
    </form>
  );
}
