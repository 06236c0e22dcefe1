/** What waits for a decision? Every open alert in order of urgency, how long it has waited against its limit, and what can be done. */

import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { type KeyboardEvent, useEffect, useMemo, useRef } from "react";
import { useActs } from "@/acts/acts";
import { boardsQuery, queueQuery } from "@/api/queries";
import type { QueueItem } from "@/api/types";
import { Empty } from "@/design/Empty";
import { Problem } from "@/design/Problem";
import { Skeleton } from "@/design/Skeleton";
import { QueueLine } from "@/queue/QueueLine";
import styles from "@/queue/Queue.module.css";
import { targetOf } from "@/patient/Alerts";
import { singleKeysOn, useKeys } from "@/shell/keys";
import { clock } from "@/time/clock";

const URGENCIES = [
  ["", "All"],
  ["high", "High"],
  ["medium", "Medium"],
  ["low", "Low"],
] as const;

export function QueuePage() {
  const filter = useSearch({ from: "/in/queue" });
  const { data, error, refetch } = useQuery(queueQuery(filter));
  useEffect(() => {
    if (data) clock.heard(data.as_of);
  }, [data]);
  return (
    <div className="page">
      <header className="page-head">
        <div>
          <h1>Queue</h1>
          <p className="fine">{data ? said(data.items) : "What waits for a decision"}</p>
        </div>
        <Filters />
      </header>
      {error && !data && <Problem error={error} again={() => void refetch()} />}
      {!data && !error && (
        <div className={styles.list}>
          {Array.from({ length: 6 }, (_, index) => (
            <div key={index} className={styles.line}>
              <Skeleton width="60%" />
            </div>
          ))}
        </div>
      )}
      {data && (data.items.length > 0 ? <List items={data.items} /> : <Nothing filtered={Object.keys(filter).length > 0} />)}
    </div>
  );
}

function said(items: readonly QueueItem[]): string {
  const unseen = items.filter((item) => !item.seen).length;
  const late = items.filter((item) => item.limit_seconds !== null && item.waiting_seconds > item.limit_seconds).length;
  const patients = new Set(items.map((item) => item.patient.id)).size;
  return [
    `${items.length} open for ${patients} ${patients === 1 ? "patient" : "patients"}`,
    `${unseen} not seen`,
    late > 0 && `${late} past the limit`,
  ]
    .filter(Boolean)
    .join(", ");
}

function Nothing({ filtered }: { filtered: boolean }) {
  return filtered ? (
    <Empty title="Nothing waits with this filter">
      <p>Choose All to see what waits elsewhere.</p>
    </Empty>
  ) : (
    <Empty title="Nothing waits">
      <p>Alerts come here when a score or a result meets the alert policy, and stay until somebody has decided.</p>
    </Empty>
  );
}

function Filters() {
  const filter = useSearch({ from: "/in/queue" });
  const navigate = useNavigate();
  const units = useQuery(boardsQuery).data?.units ?? [];
  const choose = (change: typeof filter) => void navigate({ to: "/queue", search: (before) => ({ ...before, ...change }) });
  useKeys(
    useMemo(
      () => [
        {
          keys: "m",
          says: "My patients or all",
          group: "Queue",
          run: () => void navigate({ to: "/queue", search: (before) => ({ ...before, mine: before.mine ? undefined : true }) }),
        },
      ],
      [navigate],
    ),
  );
  return (
    <div className={styles.filters}>
      {URGENCIES.map(([urgency, word]) => (
        <button
          key={word}
          type="button"
          className="button"
          aria-pressed={(filter.urgency ?? "") === urgency}
          onClick={() => choose({ urgency: urgency || undefined })}
        >
          {word}
        </button>
      ))}
      <button
        type="button"
        className="button"
        aria-pressed={filter.mine === true}
        onClick={() => choose({ mine: filter.mine ? undefined : true })}
      >
        My patients
      </button>
      <label>
        <span className="spoken">Unit</span>
        <select className="button" value={filter.unit ?? ""} onChange={(event) => choose({ unit: event.target.value || undefined })}>
          <option value="">All units</option>
          {units.map((unit) => (
            <option key={unit.unit} value={unit.unit}>
              {unit.label}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}

function List({ items }: { items: readonly QueueItem[] }) {
  const list = useRef<HTMLOListElement>(null);
  const acts = useActs();
  const navigate = useNavigate();

  function onKeyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const lines = [...(list.current?.querySelectorAll<HTMLElement>("[data-alert]") ?? [])];
    const line = (event.target as HTMLElement).closest<HTMLElement>("[data-alert]");
    const item = items.find((each) => each.alert === line?.dataset["alert"]);
    if (!line || !item) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const act = { a: acts.acknowledge, o: acts.override, e: acts.escalate }[event.key];
    if (step !== undefined) lines[lines.indexOf(line) + step]?.focus();
    else if (act && singleKeysOn()) act(targetOf(item));
    else if (event.key === "Enter" && event.target === line) void navigate({ to: "/patients/$id", params: { id: item.patient.id } });
    else return;
    event.preventDefault();
  }

  return (
    <ol ref={list} className={styles.list} onKeyDown={onKeyDown}>
      {items.map((item) => (
        <QueueLine key={item.alert} item={item} />
      ))}
    </ol>
  );
}
