/** Entries as a table, the newest first. Pressing one says in words what it means, and what to do where it asks for somebody. */

import { useState } from "react";
import styles from "@/privacy/audit/Audit.module.css";
import type { Alarm, Entry, Found } from "@/privacy/audit/queries";
import { meaning, noted, shown } from "@/privacy/audit/words";
import { capital } from "@/system/words";
import { date, timeOfDay } from "@/time/words";

export function EntryTable({ found: { entries, remedies } }: { found: Found }) {
  const [open, setOpen] = useState<number | null>(null);
  return (
    <div className={styles.scroller} tabIndex={0} role="region" aria-label="Entries">
      <table className={styles.table}>
        <thead>
          <tr>
            <th className={styles.when}>When</th>
            <th className={styles.person}>Who</th>
            <th className={styles.what}>What</th>
            <th className={styles.patient}>Patient</th>
            <th>More</th>
            <th className={styles.opens}>Meaning</th>
          </tr>
        </thead>
        {entries.map((entry) => (
          <tbody key={entry.id}>
            <Line
              entry={entry}
              alarm={remedies.get(entry.id)}
              isOpen={entry.id === open}
              onOpen={() => setOpen(entry.id === open ? null : entry.id)}
            />
            {entry.id === open && <Meaning entry={entry} alarm={remedies.get(entry.id)} />}
          </tbody>
        ))}
      </table>
    </div>
  );
}

function Line({ entry, alarm, isOpen, onOpen }: { entry: Entry; alarm: Alarm | undefined; isOpen: boolean; onOpen: () => void }) {
  const patient = shown(entry);
  return (
    <tr data-entry={entry.id} data-kind={entry.kind || undefined}>
      <td>
        {timeOfDay(entry.at)} <small>{date(entry.at)}</small>
      </td>
      <td>{entry.name || <span className="quiet">– nobody signed in</span>}</td>
      <td>
        {alarm ? alarm.what : capital(entry.action)}
        {entry.outcome !== "success" && entry.action !== entry.outcome && !alarm && <small> {entry.outcome}</small>}
      </td>
      <td>
        {patient || <span className="quiet">– none</span>} {entry.about && <small>{entry.about}</small>}
      </td>
      <td className={styles.detail}>{noted(entry)}</td>
      <td>
        <button
          type="button"
          className="link"
          aria-expanded={isOpen}
          onClick={onOpen}
          aria-label={`${isOpen ? "Close" : "Read"} what entry ${entry.id} means`}
        >
          {isOpen ? "Close" : "Read"}
        </button>
      </td>
    </tr>
  );
}

function Meaning({ entry, alarm }: { entry: Entry; alarm: Alarm | undefined }) {
  return (
    <tr className={styles.meaning}>
      <td colSpan={6}>
        <p>{meaning(entry)}</p>
        {alarm && (
          <p>
            <b>What to do.</b> {alarm.remedy}
          </p>
        )}
        <p className={styles.detail}>
          Record {entry.id.toLocaleString("en-GB")}, {entry.at}
          {entry.door && (
            <>
              {" "}
              at <code>{entry.query ? `${entry.door}?${entry.query}` : entry.door}</code>
            </>
          )}
        </p>
      </td>
    </tr>
  );
}
