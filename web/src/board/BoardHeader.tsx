/** Which ward this is, how it stands in numbers, and what is shown of it. */

import { Menu } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { boardsQuery } from "@/api/queries";
import type { Connection } from "@/api/stream";
import type { Totals } from "@/api/types";
import styles from "@/board/BoardHeader.module.css";
import type { BoardState } from "@/board/state";
import { ChevronIcon } from "@/design/icons";
import { SeverityShape } from "@/design/SeverityMark";
import { timeOfDay } from "@/time/words";

interface Props {
  board: BoardState;
  connection: Connection;
  children: ReactNode;
}

export function BoardHeader({ board, connection, children }: Props) {
  return (
    <header className={styles.header}>
      <div className={styles.title}>
        <UnitMenu unit={board.unit} label={board.label} />
        <p className="fine">
          <ConnectionState connection={connection} now={board.now} />
          {staff(board.totals)}
        </p>
      </div>
      <TotalsLine totals={board.totals} />
      <div className={`${styles.choices} screen-only`}>{children}</div>
    </header>
  );
}

function staff({ nurses }: Totals): string {
  if (!nurses) return "";
  return `, ${nurses} ${nurses === 1 ? "nurse" : "nurses"}`;
}

/** Said quietly while all is well; bold as soon as the screen may be behind. */
export function ConnectionState({ connection, now }: { connection: Connection; now: string }) {
  const at = timeOfDay(now);
  const words: Record<Connection, ReactNode> = {
    connecting: "Opening",
    live: "Live",
    reconnecting: <b>Reconnecting, shown as of {at}</b>,
    offline: <b>Offline since {at}, nothing new arrives here</b>,
  };
  return (
    <span role="status" data-connection={connection}>
      {words[connection]}
    </span>
  );
}

function UnitMenu({ unit, label }: { unit: string; label: string }) {
  const units = useQuery(boardsQuery).data?.units ?? [];
  const navigate = useNavigate();
  if (units.length < 2) return <h1>{label}</h1>;
  return (
    <Menu position="bottom-start" width={320}>
      <Menu.Target>
        <button type="button" className={styles.unit}>
          <h1>{label}</h1>
          <ChevronIcon />
          <span className="spoken">Choose another unit</span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {units.map((each) => (
          <Menu.Item
            key={each.unit}
            aria-current={each.unit === unit || undefined}
            onClick={() => void navigate({ to: "/board", search: (before) => ({ ...before, unit: each.unit }) })}
            rightSection={<span className="fine">{each.unseen > 0 ? `${each.unseen} not seen` : `${each.patients} patients`}</span>}
          >
            {each.label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

export function TotalsLine({ totals }: { totals: Totals }) {
  return (
    <dl className={styles.totals} data-tour="totals">
      <Total value={`${totals.in_use} / ${totals.beds}`} says="beds in use" />
      <Total
        value={totals.high}
        says={seenOf("high", totals.high_unseen)}
        shape={<SeverityShape severity="high" filled={totals.high_unseen > 0} />}
        begins
      />
      <Total
        value={totals.medium}
        says={seenOf("medium", totals.medium_unseen)}
        shape={<SeverityShape severity="medium" filled={totals.medium_unseen > 0} />}
      />
      <Total
        value={totals.low}
        says={seenOf("low", totals.low_unseen)}
        shape={<SeverityShape severity="low" filled={totals.low_unseen > 0} />}
      />
      <Total value={totals.overdue} says="vital signs overdue" begins />
      <Total value={totals.tasks} says={totals.tasks_overdue > 0 ? `open tasks, ${totals.tasks_overdue} overdue` : "open tasks"} />
      {totals.nurses !== null && totals.nurses > 0 && (
        <Total value={`1 : ${Number((totals.in_use / totals.nurses).toFixed(1))}`} says="nurse to patients" />
      )}
    </dl>
  );
}

const seenOf = (word: string, unseen: number): string => (unseen > 0 ? `${word}, ${unseen} not seen` : word);

function Total({ value, says, shape, begins }: { value: ReactNode; says: string; shape?: ReactNode; begins?: boolean }) {
  return (
    <div className={styles.total} data-begins={begins || undefined}>
      <dt>{says}</dt>
      <dd>
        {shape}
        {value}
      </dd>
    </div>
  );
}
