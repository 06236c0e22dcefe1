/** One bed in one line: who, how urgent, the score and where it comes from, what changed, how old, what is to do, whose. */

import { Link } from "@tanstack/react-router";
import { memo } from "react";
import type { Row } from "@/api/types";
import styles from "@/board/Board.module.css";
import { identity } from "@/board/state";
import { contextWords, factWords, fullName, scoreWords, sexAndAge, stateShown } from "@/board/words";
import { Age } from "@/design/Age";
import { ClockIcon } from "@/design/icons";
import { SeverityMark } from "@/design/SeverityMark";
import { Sparkline } from "@/design/Sparkline";
import { useNow } from "@/time/clock";
import { due } from "@/time/words";

interface Props {
  row: Row;
  /** The title of the headline score. */
  title: string;
  /** The one row that the Tab key reaches; arrows reach the others. */
  tabbable: boolean;
  /** The name of the person who looks. */
  me: string;
  /** The patient has left this bed; the line stays until the order is taken up. */
  gone: boolean;
  columns: Columns;
}

/** Narrower screens leave out what the row's pages show as well. */
export interface Columns {
  trend: boolean;
  nurse: boolean;
}

export const BoardRow = memo(function BoardRow({ row, title, tabbable, me, gone, columns }: Props) {
  const free = row.about === null;
  return (
    <tr
      className={styles.row}
      data-row={identity(row)}
      data-gone={gone || undefined}
      data-urgent={row.needs_action || undefined}
      tabIndex={tabbable ? 0 : -1}
    >
      <th scope="row" className={styles.bed}>
        {row.bed || "–"}
      </th>
      <td className={styles.patient}>{free ? <span className="quiet">Free bed</span> : <Patient row={row} gone={gone} />}</td>
      <td className={styles.action}>{!free && <NeedsAction row={row} />}</td>
      <td className={styles.score}>{free ? <span className="quiet">– no patient</span> : <Score row={row} title={title} />}</td>
      {columns.trend && (
        <td>
          {!free && (
            <Sparkline trend={row.trend} stale={row.score.stale} said={`${title} over 24 hours, ${row.score.words || "no change"}`} />
          )}
        </td>
      )}
      <td className={styles.changed}>
        <Changed row={row} me={me} />
      </td>
      <td>{!free && <Vitals vitals={row.vitals} />}</td>
      <td className={styles.task}>{(!free || row.task) && <Task task={row.task} />}</td>
      {columns.nurse && <td className={row.nurse === me ? styles.me : undefined}>{(!free || row.nurse) && nurseShown(row.nurse, me)}</td>}
    </tr>
  );
});

function Patient({ row, gone }: { row: Row; gone: boolean }) {
  return (
    <>
      <Link className={styles.name} to="/patients/$id" params={{ id: row.about ?? "" }} tabIndex={-1} title={fullName(row)}>
        {fullName(row)}
      </Link>
      <small>
        {gone ? (
          "no longer in this bed"
        ) : (
          <>
            {sexAndAge(row)}
            <i>{row.number}</i>
            {row.gap && <b>message missing</b>}
          </>
        )}
      </small>
    </>
  );
}

function NeedsAction({ row }: { row: Row }) {
  const mark = <SeverityMark {...row.mark} state={stateShown(row.alert)} />;
  if (!row.alert) return mark;
  return (
    <button type="button" className={styles.bare} data-menu tabIndex={-1} aria-haspopup="menu" title={row.alert.summary}>
      {mark}
      {row.alert.more > 0 && (
        <span className={styles.more} title={`${row.alert.more} more open`}>
          +{row.alert.more}
        </span>
      )}
    </button>
  );
}

function Score({ row, title }: { row: Row; title: string }) {
  const { score } = row;
  return (
    <button type="button" className={styles.why} data-why data-stale={score.stale || undefined} tabIndex={-1} title={`Why this ${title}`}>
      <b>
        {score.outcome === "at_least" && <i>≥</i>}
        {score.value ?? "–"}
      </b>
      <span>
        <ScoreWords row={row} />
      </span>
    </button>
  );
}

function Changed({ row, me }: { row: Row; me: string }) {
  const fact = useNow((now) => factWords(row.changed, now));
  const context = useNow((now) => contextWords(row, me, now));
  if (!fact) return <span className="quiet">– nothing recorded yet</span>;
  return (
    <>
      <span className={styles.fact} data-new={row.changed.new || undefined} title={fact}>
        {fact}
      </span>
      {context && <small title={context}>{context}</small>}
    </>
  );
}

function Vitals({ vitals }: { vitals: Row["vitals"] }) {
  if (vitals.at === null) return <span className="quiet">– none recorded</span>;
  return (
    <span className={styles.vitals} data-overdue={vitals.overdue || undefined}>
      <span>
        {vitals.overdue && <ClockIcon />}
        <Age at={vitals.at} />
      </span>
      {vitals.due_at && (
        <small>
          <Due at={vitals.due_at} />
        </small>
      )}
    </span>
  );
}

function Task({ task }: { task: Row["task"] }) {
  if (task === null) return <span className="quiet">– none open</span>;
  return (
    <>
      <span className={styles.fact} title={task.text}>
        {task.text}
      </span>
      {task.due_at && (
        <small>
          {task.overdue ? (
            <b>
              <Due at={task.due_at} />
            </b>
          ) : (
            <Due at={task.due_at} />
          )}
        </small>
      )}
    </>
  );
}

export function ScoreWords({ row }: { row: Row }) {
  return useNow((now) => scoreWords(row, now));
}

export function Due({ at }: { at: string }) {
  return useNow((now) => due(at, now));
}

/** The family name is what the ward calls out. */
function nurseShown(nurse: string, me: string): string {
  if (!nurse) return "–";
  const family = nurse.includes(",") ? nurse.split(",")[0] : nurse.split(" ").at(-1);
  return nurse === me ? `${family} (you)` : `${family}`;
}
