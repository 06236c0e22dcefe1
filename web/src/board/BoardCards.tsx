/** The board in one hand: my patients as cards, what needs action first; a press opens the alert. */

import { useNavigate } from "@tanstack/react-router";
import { useRef } from "react";
import type { Connection } from "@/api/stream";
import type { Row } from "@/api/types";
import { useArrangement, useSlide } from "@/board/arrangement";
import styles from "@/board/BoardCards.module.css";
import { ConnectionState } from "@/board/BoardHeader";
import { Due, ScoreWords } from "@/board/BoardRow";
import { SilentFeed } from "@/board/FeedStrip";
import { useGlow } from "@/board/glow";
import { useHolding } from "@/board/holding";
import { type BoardState, identity } from "@/board/state";
import { factWords, fullName, scoreShown, stateShown } from "@/board/words";
import { Age } from "@/design/Age";
import { SeverityMark } from "@/design/SeverityMark";
import { UnitPicker } from "@/board/UnitPicker";
import { useNow } from "@/time/clock";
import { due } from "@/time/words";

interface Props {
  board: BoardState;
  rows: readonly Row[];
  connection: Connection;
  mine: boolean;
  ownCount: number;
  onMine: (on: boolean) => void;
  sound: { on: boolean; toggle: () => void };
}

export function BoardCards({ board, rows, connection, mine, ownCount, onMine, sound }: Props) {
  const list = useRef<HTMLDivElement>(null);
  const { arrangement } = useArrangement(rows, useHolding(list));
  useSlide(list, arrangement);
  useGlow(list, board.fresh);
  const here = new Map(rows.map((row) => [identity(row), row]));
  const cards = (ids: readonly string[]) => ids.map((id) => here.get(id)).filter((row) => row !== undefined);
  const silent = board.feeds.filter((feed) => feed.silent_since !== null);
  return (
    <div className={styles.page}>
      <header className={styles.header}>
        <div>
          <h1>{mine ? "My patients" : board.label}</h1>
          <button type="button" className="button" aria-pressed={sound.on} onClick={sound.toggle}>
            {sound.on ? "Sound on" : "Sound off"}
          </button>
        </div>
        <p>
          <ConnectionState connection={connection} now={board.now} />, {mine && `${board.label}, `}
          {board.totals.in_use} of {board.totals.beds} beds in use.
        </p>
        <div className={styles.choices}>
          <button type="button" className="button" aria-pressed={!mine} onClick={() => onMine(false)}>
            All {board.rows.size}
          </button>
          <button type="button" className="button" aria-pressed={mine} onClick={() => onMine(true)}>
            My patients {ownCount}
          </button>
          <UnitPicker unit={board.unit} />
        </div>
      </header>
      {silent.map((feed) => (
        <p key={feed.name} className={styles.silent}>
          <SeverityMark severity="low" seen={false} word="Silent" />
          <SilentFeed feed={feed} alone={false} />
        </p>
      ))}
      <div ref={list}>
        <Group name="Needs action" rows={cards(arrangement.needs)} />
        <Group name="No action now" rows={cards(arrangement.rest)} />
      </div>
    </div>
  );
}

function Group({ name, rows }: { name: string; rows: readonly Row[] }) {
  return (
    <section>
      <h2 className={styles.group}>
        {name} <span>{rows.length}</span>
      </h2>
      <ul className={styles.cards}>
        {rows.map((row) => (
          <Card key={identity(row)} row={row} />
        ))}
      </ul>
    </section>
  );
}

function Card({ row }: { row: Row }) {
  const navigate = useNavigate();
  if (row.about === null) return <FreeBed row={row} />;
  const id = row.about;
  const open = () =>
    void (row.alert ? navigate({ to: "/patients/$id/alert", params: { id } }) : navigate({ to: "/patients/$id", params: { id } }));
  return (
    <li data-row={identity(row)} data-urgent={row.needs_action || undefined}>
      <button type="button" className={styles.card} onClick={open}>
        <b className={styles.bed}>{row.bed || "–"}</b>
        <span className={styles.facts}>
          <span className={styles.name}>{fullName(row)}</span>
          <Fact row={row} />
          <span className={styles.second}>
            {row.vitals.at ? (
              <>
                Vital signs <Age at={row.vitals.at} /> ago{row.vitals.due_at && <SoonDue at={row.vitals.due_at} />}
              </>
            ) : (
              "No vital signs recorded"
            )}
          </span>
          {row.task && (
            <span className={`${styles.second} ${styles.task}`}>
              {row.task.text}
              {row.task.due_at && (
                <>
                  , <Due at={row.task.due_at} />
                </>
              )}
            </span>
          )}
        </span>
        <span className={styles.score} data-stale={row.score.stale || undefined}>
          <b>{scoreShown(row.score)}</b>
          <span>
            <ScoreWords row={row} />
          </span>
          {row.mark.severity !== "none" && <SeverityMark {...row.mark} state={stateShown(row.alert)} />}
        </span>
      </button>
    </li>
  );
}

/** On a small screen only what is due within the hour is worth a word. */
function SoonDue({ at }: { at: string }) {
  return <>{useNow((now) => (Date.parse(at) - now < 3_600_000 ? `, ${due(at, now)}` : ""))}</>;
}

function Fact({ row }: { row: Row }) {
  return <span>{useNow((now) => factWords(row.changed, now))}</span>;
}

function FreeBed({ row }: { row: Row }) {
  return (
    <li data-row={identity(row)}>
      <div className={styles.card}>
        <b className={styles.bed}>{row.bed}</b>
        <span className={styles.facts}>
          <span className="quiet">Free bed</span>
          {row.changed.fact && <span>{row.changed.fact}</span>}
        </span>
        <span className={styles.score}>
          <b className="quiet">–</b>
          <span>no patient</span>
        </span>
      </div>
    </li>
  );
}
