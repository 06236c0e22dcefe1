/** The board on a wall: everything twice as large, beds instead of names, for eyes that are across the room. */

import { useEffect, useRef } from "react";
import type { Connection } from "@/api/stream";
import type { Row } from "@/api/types";
import { useArrangement, useSlide } from "@/board/arrangement";
import { ConnectionState } from "@/board/BoardHeader";
import { useGlow } from "@/board/glow";
import { type BoardState, identity } from "@/board/state";
import styles from "@/board/Wall.module.css";
import { factWords, scoreShown, stateShown } from "@/board/words";
import { Age } from "@/design/Age";
import { SeverityMark } from "@/design/SeverityMark";
import { session } from "@/api/session";
import { useNow } from "@/time/clock";
import { timeOfDay } from "@/time/words";

interface Props {
  board: BoardState;
  rows: readonly Row[];
  connection: Connection;
  onLeave: () => void;
}

export default function Wall({ board, rows, connection, onLeave }: Props) {
  useWallMode();
  const list = useRef<HTMLDivElement>(null);
  const { arrangement } = useArrangement(rows, false);
  useSlide(list, arrangement);
  useGlow(list, board.fresh);
  const time = useNow((now) => (Number.isNaN(now) ? "–" : timeOfDay(now)));
  const silent = board.feeds.filter((feed) => feed.silent_since !== null);
  const here = new Map(rows.map((row) => [identity(row), row]));
  const of = (ids: readonly string[]) => ids.map((id) => here.get(id)).filter((row) => row !== undefined);
  return (
    <div className={styles.wall} ref={list}>
      <header className={styles.header}>
        <h1>{board.label}</h1>
        <p>
          <ConnectionState connection={connection} now={board.now} />
          {silent.length > 0 && (
            <>
              . <b>Silent: {silent.map((feed) => feed.label).join(", ")}</b>
            </>
          )}
        </p>
        <b>{time}</b>
        <button type="button" className="button screen-only" onClick={onLeave}>
          Leave wall mode
        </button>
      </header>
      <ul className={styles.urgent} aria-label="Needs action">
        {of(arrangement.needs).map((row) => (
          <Urgent key={identity(row)} row={row} title={board.headline_title} />
        ))}
      </ul>
      <ul className={styles.others} aria-label="No action now">
        {of(arrangement.rest).map((row) => (
          <li key={identity(row)} data-row={identity(row)} data-free={row.about === null || undefined}>
            <b>{row.bed || "–"}</b>
            <span>{row.about === null ? "free" : scoreShown(row.score)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Urgent({ row, title }: { row: Row; title: string }) {
  return (
    <li data-row={identity(row)}>
      <b className={styles.bed}>{row.bed || "–"}</b>
      <span>
        <SeverityMark {...row.mark} state={stateShown(row.alert)} />
      </span>
      <span className={styles.score}>
        <small>{title}</small> <b>{scoreShown(row.score)}</b>
      </span>
      <span className={styles.fact}>
        <Fact row={row} />
      </span>
      <span className={styles.age}>
        {row.vitals.at ? (
          <>
            vital signs <Age at={row.vitals.at} /> ago
          </>
        ) : (
          "– no vital signs"
        )}
      </span>
    </li>
  );
}

function Fact({ row }: { row: Row }) {
  return useNow((now) => factWords(row.changed, now));
}

/** Large type, and a sign-in that is kept up without anybody touching the screen: nothing here says who anybody is. */
function useWallMode(): void {
  useEffect(() => {
    document.documentElement.dataset["wall"] = "";
    session.unattended = true;
    return () => {
      delete document.documentElement.dataset["wall"];
      session.unattended = false;
    };
  }, []);
}
