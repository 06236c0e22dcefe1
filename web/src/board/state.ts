/** The ward board as a fold: the present state, then changes. Rows that did not change stay the same object, so they are not drawn again. */

import type { Board, BoardChange, BoardTick, FeedState, Row } from "@/api/types";

export interface BoardState extends Omit<Board, "rows"> {
  rows: ReadonlyMap<string, Row>;
  /** Rows whose news is worth a glow, in the last change only. */
  fresh: ReadonlySet<string>;
  /** The last change brought a high alarm that nobody has seen. */
  alarming: boolean;
}

/**
 * Which row it is: the bed with the patient in it. When another patient comes to the bed that is another row, so nobody acts on the
 * new patient with a key press meant for the one before (FT-37).
 */
export function identity(row: Row): string {
  return row.about === null ? row.key : `${row.key} ${row.about}`;
}

export function received(state: BoardState | null, name: string, content: unknown): BoardState | null {
  if (name === "present") return present(state, content as Board);
  if (state === null) return null;
  switch (name) {
    case "rows":
      return changed(state, content as BoardChange);
    case "tick":
      return ticked(state, content as BoardTick);
    case "feeds":
      return { ...state, feeds: (content as { feeds: FeedState[] }).feeds, fresh: NONE, alarming: false };
    default:
      return state;
  }
}

const NONE: ReadonlySet<string> = new Set();

/** The whole board again, at the first opening and after a break. */
function present(before: BoardState | null, board: Board): BoardState {
  const rows = new Map(board.rows.map((row) => [row.key, same(before?.rows.get(row.key), row)]));
  const news = before?.unit === board.unit ? compared(before.rows, rows.values()) : { fresh: NONE, alarming: false };
  return { ...board, rows, ...news };
}

function changed(state: BoardState, change: BoardChange): BoardState {
  const rows = new Map(state.rows);
  for (const key of change.gone) rows.delete(key);
  for (const row of change.rows) rows.set(row.key, same(rows.get(row.key), row));
  for (const bed of takenFreeBeds(rows.values())) rows.delete(bed);
  return { ...state, now: change.now, totals: change.totals ?? state.totals, rows, ...compared(state.rows, change.rows) };
}

/** Lines of free beds in which somebody lies now. */
function takenFreeBeds(rows: Iterable<Row>): string[] {
  const all = [...rows];
  const taken = new Set(all.filter((row) => row.about !== null).map((row) => row.bed));
  return all.filter((row) => row.about === null && taken.has(row.bed)).map((row) => row.key);
}

/** Time has passed. Totals and feeds that say the same stay the same objects. */
function ticked(state: BoardState, tick: BoardTick): BoardState {
  return {
    ...state,
    now: tick.now,
    totals: tick.totals && !equal(tick.totals, state.totals) ? tick.totals : state.totals,
    feeds: tick.feeds && !equal(tick.feeds, state.feeds) ? tick.feeds : state.feeds,
    fresh: NONE,
    alarming: false,
  };
}

function same(before: Row | undefined, row: Row): Row {
  return before && equal(before, row) ? before : row;
}

const equal = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

function compared(before: ReadonlyMap<string, Row>, rows: Iterable<Row>): { fresh: ReadonlySet<string>; alarming: boolean } {
  const fresh = new Set<string>();
  let alarming = false;
  for (const row of rows) {
    const old = before.get(row.key);
    if (isNews(old, row)) fresh.add(identity(row));
    alarming ||= isUnseenHigh(row) && !(old && old.about === row.about && isUnseenHigh(old));
  }
  return { fresh, alarming };
}

/** A number, a mark, a fact or the patient changed; not merely the time that passed. */
export function isNews(old: Row | undefined, row: Row): boolean {
  if (!old || old.about !== row.about) return row.about !== null;
  return (
    old.score.value !== row.score.value ||
    old.score.outcome !== row.score.outcome ||
    old.mark.severity !== row.mark.severity ||
    old.changed.fact !== row.changed.fact ||
    old.alert?.id !== row.alert?.id
  );
}

const isUnseenHigh = (row: Row): boolean => row.mark.severity === "high" && !row.mark.seen;

/** Shown at once after an act here, until the server's own row arrives: the mark loses or gets back its filling. */
export function acted(state: BoardState, alert: string, seen: boolean): BoardState {
  const row = [...state.rows.values()].find((each) => each.alert?.id === alert);
  if (!row?.alert || row.mark.seen === seen) return state;
  const rows = new Map(state.rows).set(row.key, { ...row, mark: { ...row.mark, seen } });
  return { ...state, rows, fresh: NONE, alarming: false };
}
