/** Searching the trail: by person, patient, action, outcome and time, or only what asks for somebody to act. */

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { session } from "@/api/session";
import { problemIn } from "@/api/problem";
import { Problem } from "@/design/Problem";
import { Skeleton } from "@/design/Skeleton";
import styles from "@/privacy/audit/Audit.module.css";
import { EntryTable } from "@/privacy/audit/EntryTable";
import { entriesQuery, exportAddress, type Found, type Search } from "@/privacy/audit/queries";
import { SearchForm } from "@/privacy/audit/SearchForm";
import system from "@/system/System.module.css";

const NOTHING: Search = { who: "", about: "", action: "", outcome: "", since: "", until: "", alarms: false, kind: "", turn: 0 };

export function Entries() {
  const [asked, setAsked] = useState(NOTHING);
  const [pages, setPages] = useState<readonly number[]>([0]);
  const before = pages.at(-1) ?? 0;
  const { data, error, refetch, isFetching } = useQuery(entriesQuery(asked, before));

  function ask(search: Partial<Search>): void {
    setPages([0]);
    setAsked((last) => ({ ...last, ...search, turn: last.turn + 1 }));
  }

  return (
    <>
      <SearchForm asked={asked} onAsk={ask} names={[...new Set(data?.entries.map((entry) => entry.name).filter(Boolean))]} />
      {error && !data && <Problem error={error} again={() => void refetch()} />}
      {data?.trouble.map((sentence) => (
        <section key={sentence} className={`panel ${system.why}`} role="alert">
          <b>{sentence}</b>
        </section>
      ))}
      <section className="panel" aria-label="Audit trail" aria-busy={isFetching}>
        {data && (
          <div className={styles.count}>
            <p>{said(data, asked, pages.length > 1)}</p>
            {!asked.alarms && data.entries.length > 0 && <TakeAway asked={asked} />}
          </div>
        )}
        {!data && !error && (
          <p className={system.bone}>
            <Skeleton width="50%" />
          </p>
        )}
        {data && data.entries.length > 0 && <EntryTable found={data} />}
        <Pages found={data} pages={pages} onTurn={setPages} />
      </section>
    </>
  );
}

function Pages({
  found,
  pages,
  onTurn,
}: {
  found: Found | undefined;
  pages: readonly number[];
  onTurn: (pages: readonly number[]) => void;
}) {
  const next = found?.next ?? null;
  if (pages.length === 1 && next === null) return null;
  return (
    <p className={styles.more}>
      <button type="button" className="button" disabled={pages.length === 1} onClick={() => onTurn(pages.slice(0, -1))}>
        Newer
      </button>
      <button type="button" className="button" disabled={next === null} onClick={() => onTurn([...pages, next ?? 0])}>
        Older
      </button>
    </p>
  );
}

function TakeAway({ asked }: { asked: Search }) {
  const [problem, setProblem] = useState("");
  async function take(format: "csv" | "fhir"): Promise<void> {
    const response = await session.fetch(exportAddress(asked, format));
    if (!response.ok) {
      setProblem((await problemIn(response)).message);
      return;
    }
    setProblem("");
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await response.blob());
    link.download = format === "csv" ? "audit-trail.csv" : "audit-trail.json";
    link.click();
    URL.revokeObjectURL(link.href);
  }
  return (
    <p className={styles.take}>
      {problem && <span role="alert">{problem}</span>}
      <button type="button" className="button" onClick={() => void take("csv")}>
        Export as table
      </button>
      <button type="button" className="button" onClick={() => void take("fhir")}>
        Export as FHIR
      </button>
    </p>
  );
}

function said({ entries, next }: Found, { who, about, action, outcome, since, until, alarms, kind }: Search, further: boolean): string {
  const of = [
    who && `by “${who}”`,
    about && `about patient “${about}”`,
    action && `of “${action}”`,
    outcome && `that ${outcome === "success" ? "went well" : `${outcome === "refused" ? "were" : "have"} ${outcome}`}`,
    (since || until) && "in this time",
  ]
    .filter(Boolean)
    .join(" ");
  if (entries.length === 0 && alarms)
    return kind || of
      ? "Nothing of this asks for anybody."
      : "Nothing asks for anybody. Refusals, lock-outs and emergencies would stand here.";
  if (entries.length === 0) return of ? `Nothing is recorded ${of}.` : "Nothing has been recorded yet.";
  const count = `${entries.length} ${entries.length === 1 ? "entry" : "entries"}`;
  return `${further ? "Older: " : next === null ? "" : "The newest "}${count} ${of}`.trim();
}
