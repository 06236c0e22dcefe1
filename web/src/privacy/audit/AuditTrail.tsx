/** Who did what to whom: searched by person or patient, newest first. Looking here is itself recorded. */

import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Problem } from "@/design/Problem";
import { Skeleton } from "@/design/Skeleton";
import { usePerson } from "@/shell/person";
import styles from "@/privacy/audit/Audit.module.css";
import { type AuditSearch, auditQuery } from "@/system/queries";
import system from "@/system/System.module.css";
import type { AuditEntry } from "@/system/types";
import { capital } from "@/system/words";
import { date, timeOfDay } from "@/time/words";

const FIRST = 100;
const MOST = 1_000;

export function AuditTrail() {
  if (!usePerson().roles.includes("auditor"))
    return (
      <section className={`panel ${system.why}`}>
        <p>
          <b>The audit trail is read by auditors.</b> It says who looked at whom, and is kept from those it is about. Ask an administrator
          if it belongs to your work.
        </p>
      </section>
    );
  return <Search />;
}

function Search() {
  const [asked, setAsked] = useState<AuditSearch>({ who: "", about: "", limit: FIRST, turn: 0 });
  const { data, error, refetch, isFetching } = useQuery(auditQuery(asked));

  function search(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const entered = new FormData(event.currentTarget);
    const [who = "", about = ""] = ["who", "about"].map((field) => String(entered.get(field)).trim());
    setAsked((before) => ({ who, about, limit: FIRST, turn: before.turn + 1 }));
  }

  const entries = data?.entries ?? [];
  return (
    <>
      <form className={styles.search} role="search" aria-label="Search the audit trail" onSubmit={search}>
        <label>
          <span>Who</span>
          <input name="who" type="search" placeholder="Name or sign-in name" autoComplete="off" />
        </label>
        <label>
          <span>Patient</span>
          <input name="about" type="search" placeholder="Number or record" autoComplete="off" />
        </label>
        <button type="submit" className="button main">
          Search
        </button>
        <p className="fine">Searching is recorded too, with your name.</p>
      </form>
      {error && !data && <Problem error={error} again={() => void refetch()} />}
      <section className={`panel ${styles.trail}`} aria-label="Audit trail" aria-busy={isFetching}>
        {data && <p className={styles.count}>{said(entries.length, asked)}</p>}
        {!data && !error && (
          <p className={system.bone}>
            <Skeleton width="50%" />
          </p>
        )}
        {entries.length > 0 && <Entries entries={entries} />}
        {entries.length >= asked.limit && asked.limit < MOST && (
          <p className={styles.more}>
            <button type="button" className="button" onClick={() => setAsked({ ...asked, limit: MOST })}>
              Show up to 1,000
            </button>
          </p>
        )}
      </section>
    </>
  );
}

function said(count: number, { who, about, limit }: AuditSearch): string {
  const of = [who && `by “${who}”`, about && `about patient “${about}”`].filter(Boolean).join(" ");
  if (count === 0) return of ? `Nothing is recorded ${of}.` : "Nothing has been recorded yet.";
  return `${count >= limit ? "The newest " : ""}${count.toLocaleString("en-GB")} entries ${of}`.trim();
}

function Entries({ entries }: { entries: readonly AuditEntry[] }) {
  return (
    <div className={styles.scroller} tabIndex={0} role="region" aria-label="Entries">
      <table className={styles.table}>
        <thead>
          <tr>
            <th className={styles.when}>When</th>
            <th className={styles.who}>Who</th>
            <th className={styles.what}>What</th>
            <th className={styles.patient}>Patient</th>
            <th>More</th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <tr key={entry.id}>
              <td>
                {timeOfDay(entry.at)} <small>{date(entry.at)}</small>
              </td>
              <td>{entry.name || <span className="quiet">– nobody signed in</span>}</td>
              <td>{capital(entry.action)}</td>
              <td>{entry.about ? <Patient entry={entry} /> : <span className="quiet">– none</span>}</td>
              <td className={styles.detail}>
                {Object.entries(entry.detail)
                  .map(([name, value]) => (name === "detail" ? value : `${name}: ${value}`))
                  .join(", ")}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Patient({ entry }: { entry: AuditEntry }) {
  return (
    <>
      {entry.number || <span className="quiet">not listed any more</span>} <small>{entry.about}</small>
    </>
  );
}
