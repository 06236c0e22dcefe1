/** Can I trust it? Every question Wardline answers here: on what grounds, for whom, and how its reference cases ran on this machine. */

import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { type KeyboardEvent, useRef } from "react";
import { Empty } from "@/design/Empty";
import { Problem } from "@/design/Problem";
import { Skeleton } from "@/design/Skeleton";
import styles from "@/library/Library.module.css";
import { libraryQuery } from "@/library/queries";
import type { CapabilityLine, Library } from "@/library/types";
import { areaWords, casesRan, casesWords, sentence, shortTitle } from "@/library/words";
import { clock } from "@/time/clock";
import { moment } from "@/time/words";

export function LibraryPage() {
  const { data, error, refetch } = useQuery(libraryQuery);
  const { q = "" } = useSearch({ from: "/in/library" });
  const navigate = useNavigate();
  const found = data?.capabilities.filter((each) => matches(each, q)) ?? [];
  return (
    <div className="page">
      <header className={`page-head ${styles.header}`}>
        <div>
          <h1>Library</h1>
          <p className="fine">
            {data ? said(data) : "What Wardline answers, and on what grounds"} · <Link to="/sandbox">See them asked from an EHR</Link>
          </p>
        </div>
        <label className={styles.find}>
          <span className="spoken">Find a capability</span>
          <input
            type="search"
            placeholder="Find by name, question or source"
            value={q}
            onChange={(event) => void navigate({ to: "/library", search: { q: event.target.value || undefined }, replace: true })}
          />
        </label>
      </header>
      {error && !data && <Problem error={error} again={() => void refetch()} />}
      {!data && !error && <Waiting />}
      {data && data.not_running.length > 0 && <NotRunning refused={data.not_running} />}
      {data && (found.length > 0 ? <Areas found={found} /> : <Nothing q={q} />)}
    </div>
  );
}

const matches = (each: CapabilityLine, q: string): boolean =>
  [each.id, each.title, each.question, each.reference, each.area].some((text) => text.toLowerCase().includes(q.trim().toLowerCase()));

function said({ capabilities }: Library): string {
  const sum = (of: (each: CapabilityLine) => number): number => capabilities.reduce((total, each) => total + of(each), 0);
  return `${capabilities.length} capabilities, ${sum((each) => each.cases_passed)} of ${sum((each) => each.cases_total)} reference cases passed on this machine`;
}

function Nothing({ q }: { q: string }) {
  return q ? (
    <Empty title="Nothing in the library matches">
      <p>Search for a name such as NEWS2, a word of the question, or an author of the source.</p>
    </Empty>
  ) : (
    <Empty title="No capability runs here">
      <p>
        <code>wardline new AREA/NAME</code> writes the first one; it appears here after a restart.
      </p>
    </Empty>
  );
}

/** Faulty plug-ins are refused alone: the rest runs, and here is why. */
function NotRunning({ refused }: { refused: Library["not_running"] }) {
  return (
    <section className={`panel ${styles.refused}`} aria-label="Not running">
      <h2>Not running</h2>
      <ul>
        {refused.map((each) => (
          <li key={each.module}>
            <b>{each.module}</b> {each.reason}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Areas({ found }: { found: readonly CapabilityLine[] }) {
  const list = useRef<HTMLDivElement>(null);
  const areas = [...new Set(found.map((each) => each.area))].sort();

  function onKeyDown(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const links = [...(list.current?.querySelectorAll<HTMLElement>("[data-capability]") ?? [])];
    const place = links.indexOf(event.target as HTMLElement);
    if (step === undefined || place < 0) return;
    event.preventDefault();
    links[place + step]?.focus();
  }

  return (
    <div ref={list} className={`panel ${styles.areas}`} onKeyDown={onKeyDown}>
      {areas.map((area) => (
        <section key={area} aria-label={areaWords(area)}>
          <h2>
            {areaWords(area)} <small>{found.filter((each) => each.area === area).length}</small>
          </h2>
          <ul>
            {found
              .filter((each) => each.area === area)
              .map((each) => (
                <li key={each.id}>
                  <Line capability={each} />
                </li>
              ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function Line({ capability }: { capability: CapabilityLine }) {
  return (
    <Link to="/library/$id" params={{ id: capability.id }} className={styles.line} data-capability={capability.id}>
      <span className={styles.name}>
        <b>{shortTitle(capability.title)}</b>
        <small>{sentence(capability.question)}</small>
      </span>
      <span className={styles.source}>
        {capability.reference}
        <small>Version {capability.version}</small>
      </span>
      <span>
        {sentence(capability.standing)}
        <small>{capability.standing === "provisional" ? "never interrupts" : "may interrupt"}</small>
      </span>
      <span className={styles.cases}>
        <b data-failed={capability.cases_passed < capability.cases_total || undefined}>
          {capability.cases_total ? casesWords(capability) : "–"}
        </b>
        <small>{casesRan(capability)}</small>
      </span>
      {capability.not_watched_since && (
        <b className={styles.stopped}>Not watched since {moment(capability.not_watched_since, clock.now())}</b>
      )}
    </Link>
  );
}

function Waiting() {
  return (
    <div className={`panel ${styles.areas}`}>
      {Array.from({ length: 10 }, (_, place) => (
        <p key={place} className={styles.line}>
          <Skeleton width="60%" />
        </p>
      ))}
    </div>
  );
}
