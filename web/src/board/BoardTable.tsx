/** The ward as a table: two groups, rows that stay still under a pointer or a focus, and the keys that act on the focused row. */

import { type KeyboardEvent, type MouseEvent, useEffect, useMemo, useRef, useState } from "react";
import type { Row } from "@/api/types";
import { useArrangement, useSlide } from "@/board/arrangement";
import styles from "@/board/Board.module.css";
import { columnsShown, Group, Head } from "@/board/BoardHead";
import { BoardRow, type Columns } from "@/board/BoardRow";
import { useGlow } from "@/board/glow";
import { useHolding } from "@/board/holding";
import { useRowActs } from "@/board/rowActs";
import { RowMenu } from "@/board/RowMenu";
import { type BoardState, identity } from "@/board/state";
import { singleKeysOn, useKeys } from "@/shell/keys";

interface Props {
  board: BoardState;
  rows: readonly Row[];
  me: string;
  columns: Columns;
  onWhy: (row: Row) => void;
}

export function BoardTable({ board, rows, me, columns, onWhy }: Props) {
  const table = useRef<HTMLTableElement>(null);
  const holding = useHolding(table);
  const { arrangement, waiting, takeUp } = useArrangement(rows, holding);
  const [active, setActive] = useState("");
  const [menu, setMenu] = useState<{ row: Row; at: DOMRect } | null>(null);
  const here = new Map(rows.map((row) => [identity(row), row]));
  const known = useLastKnown(here);
  const act = useRowActs(onWhy);
  useSlide(table, arrangement);
  useGlow(table, board.fresh);

  useKeys(
    useMemo(() => [{ keys: "ArrowDown", says: "Into the table", group: "Ward board", run: () => firstRow(table.current)?.focus() }], []),
  );

  const order = [...arrangement.needs, ...arrangement.rest];
  const tabbable = order.includes(active) ? active : order[0];

  function onKeyDown(event: KeyboardEvent): void {
    const id = rowOf(event.target);
    const row = here.get(id);
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = STEPS[event.key];
    if (step) {
      event.preventDefault();
      table.current?.querySelector<HTMLElement>(`[data-row="${CSS.escape(step(order, order.indexOf(id)) ?? id)}"]`)?.focus();
    } else if (row && (event.key === "Enter" || singleKeysOn()) && act(event.key, row)) event.preventDefault();
  }

  function onClick(event: MouseEvent<HTMLElement>): void {
    const target = event.target as HTMLElement;
    const row = here.get(rowOf(target));
    if (!row) return;
    const mark = target.closest("[data-menu]");
    if (mark) setMenu({ row, at: mark.getBoundingClientRect() });
    else if (target.closest("[data-why]")) onWhy(row);
  }

  const span = columnsShown(columns);
  const line = (id: string) => {
    const row = here.get(id) ?? known.get(id);
    if (!row) return null;
    return (
      <BoardRow key={id} row={row} title={board.headline_title} tabbable={id === tabbable} me={me} gone={!here.has(id)} columns={columns} />
    );
  };

  return (
    <div className={styles.scroller} tabIndex={-1}>
      <table
        ref={table}
        role="grid"
        className={styles.table}
        aria-label={`${board.label}, patients`}
        onKeyDown={onKeyDown}
        onClick={onClick}
        onFocus={(event) => {
          setActive(rowOf(event.target));
          markCut(event.target);
        }}
        onDoubleClick={(event) => {
          const row = here.get(rowOf(event.target));
          if (row) act("Enter", row);
        }}
      >
        <Head title={board.headline_title} columns={columns} />
        <tbody>
          <Group
            name="Needs action"
            span={span}
            said={`${beds(arrangement.needs.length)}, most urgent first`}
            waiting={waiting}
            onTakeUp={takeUp}
          />
          {arrangement.needs.map(line)}
          {arrangement.needs.length === 0 && (
            <tr className={styles.none}>
              <td colSpan={span}>Nobody needs action now.</td>
            </tr>
          )}
        </tbody>
        <tbody>
          <Group name="No action now" span={span} said={`${beds(arrangement.rest.length)}, by bed number`} />
          {arrangement.rest.map(line)}
        </tbody>
      </table>
      <RowMenu menu={menu} onClose={() => setMenu(null)} onChosen={act} />
    </div>
  );
}

const beds = (count: number): string => (count === 1 ? "1 bed" : `${count} beds`);

const STEPS: Record<string, (order: readonly string[], at: number) => string | undefined> = {
  ArrowDown: (order, at) => order[at + 1],
  ArrowUp: (order, at) => order[at - 1],
  Home: (order) => order[0],
  End: (order) => order.at(-1),
};

function rowOf(target: EventTarget): string {
  return (target as HTMLElement).closest<HTMLElement>("[data-row]")?.dataset["row"] ?? "";
}

/** Words that do not fit open below a focused row; which those are only the layout knows. */
function markCut(row: HTMLElement): void {
  for (const words of row.querySelectorAll<HTMLElement>("[title]"))
    words.toggleAttribute("data-cut", words.scrollWidth > words.clientWidth);
}

/** The row that Tab would reach. */
const firstRow = (table: HTMLElement | null) => table?.querySelector<HTMLElement>('[data-row][tabindex="0"]');

/** Rows that have left, as they last were, for as long as their line is held. */
function useLastKnown(here: ReadonlyMap<string, Row>): ReadonlyMap<string, Row> {
  const known = useRef(new Map<string, Row>());
  useEffect(() => {
    for (const [id, row] of here) known.current.set(id, row);
  });
  return known.current;
}
