/** Who needs me now? One unit's beds, live; as a table on a desk, as cards in a hand, in large type without names on a wall. */

import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useMemo, useState } from "react";
import { boardsQuery } from "@/api/queries";
import type { Row } from "@/api/types";
import styles from "@/board/Board.module.css";
import { BoardCards } from "@/board/BoardCards";
import { BoardFoot } from "@/board/BoardFoot";
import { BoardHeader } from "@/board/BoardHeader";
import { BoardSkeleton } from "@/board/BoardSkeleton";
import { BoardTable } from "@/board/BoardTable";
import { FeedStrip } from "@/board/FeedStrip";
import { useSound } from "@/board/sound";
import { useBoard } from "@/board/store";
import { isMine } from "@/board/words";
import { Empty } from "@/design/Empty";
import { useMinWidth, useNarrow } from "@/design/media";
import { Problem } from "@/design/Problem";
import { keep, kept } from "@/shell/kept";
import { useKeys } from "@/shell/keys";
import { usePerson } from "@/shell/person";

const Why = lazy(() => import("@/patient/WhyDrawer"));
const Wall = lazy(() => import("@/board/Wall"));

export function BoardPage() {
  const { unit } = useSearch({ from: "/in/board" });
  const boards = useQuery(boardsQuery);
  const person = usePerson();
  if (boards.error && !boards.data) return <Problem error={boards.error} again={() => void boards.refetch()} />;
  if (!boards.data) return <BoardSkeleton />;
  const units = boards.data.units.map((each) => each.unit);
  const chosen = [unit, kept("unit"), ...person.units].find((each) => each && units.includes(each)) ?? units[0];
  return chosen ? <UnitBoard key={chosen} unit={chosen} /> : <NoUnits />;
}

function NoUnits() {
  return (
    <Empty title="No patients yet">
      <p>The board fills itself: the first admission (ADT A01) or result (ORU R01) that arrives opens its unit here.</p>
      <p>
        Point the admission feed at the MLLP port, send files with <code>wardline send</code>, or watch a hospital with{" "}
        <code>wardline demo</code>.
      </p>
    </Empty>
  );
}

function UnitBoard({ unit }: { unit: string }) {
  const { board, connection, problem } = useBoard(unit);
  const { mine = false, wall = false } = useSearch({ from: "/in/board" });
  const navigate = useNavigate();
  const person = usePerson();
  const narrow = useNarrow();
  const sound = useSound(board);
  const columns = useColumns();
  const [why, setWhy] = useState<Row | null>(null);
  useEffect(() => keep("unit", unit), [unit]);

  const own = useMemo(() => (board ? [...board.rows.values()].filter((row) => isMine(row, person.name)) : []), [board, person.name]);
  const all = useMemo(() => (board ? [...board.rows.values()] : []), [board]);
  const rows = mine ? own : all;
  const choose = useMemo(() => {
    const to = (search: { mine?: true | undefined; wall?: true | undefined }) =>
      navigate({ to: "/board", search: (before) => ({ ...before, ...search }) });
    return { mine: (on: boolean) => void to({ mine: on || undefined }), wall: (on: boolean) => void to({ wall: on || undefined }) };
  }, [navigate]);
  useKeys(
    useMemo(
      () => [
        { keys: "m", says: "My patients or all", group: "Ward board", run: () => choose.mine(!mine) },
        { keys: "w", says: "Wall mode on or off", group: "Ward board", run: () => choose.wall(!wall) },
      ],
      [choose, mine, wall],
    ),
  );

  if (problem) return <Problem error={problem} />;
  if (!board) return <BoardSkeleton />;
  if (wall)
    return (
      <Suspense>
        <Wall board={board} rows={all} connection={connection} onLeave={() => choose.wall(false)} />
      </Suspense>
    );

  const shared = { board, rows, me: person.name };
  return (
    <>
      {narrow ? (
        <BoardCards {...shared} connection={connection} mine={mine} ownCount={own.length} onMine={choose.mine} sound={sound} />
      ) : (
        <div className={styles.page}>
          <BoardHeader board={board} connection={connection}>
            <button type="button" className="button" aria-pressed={!mine} onClick={() => choose.mine(false)}>
              All {all.length}
            </button>
            <button type="button" className="button" aria-pressed={mine} onClick={() => choose.mine(true)}>
              My patients {own.length}
            </button>
            <button type="button" className="button" aria-pressed={sound.on} onClick={sound.toggle}>
              {sound.on ? "Sound on" : "Sound off"}
            </button>
            <button type="button" className="button" onClick={() => choose.wall(true)}>
              Wall mode
            </button>
          </BoardHeader>
          <FeedStrip board={board} />
          {mine && rows.length === 0 ? (
            <NobodyHere onAll={() => choose.mine(false)} />
          ) : (
            <BoardTable {...shared} columns={columns} onWhy={setWhy} />
          )}
          <BoardFoot board={board} />
        </div>
      )}
      <Suspense>{why?.about && <Why patient={why.about} capability={board.headline} onClose={() => setWhy(null)} />}</Suspense>
    </>
  );
}

function NobodyHere({ onAll }: { onAll: () => void }) {
  return (
    <Empty title="No patients are assigned to you here">
      <p>Assignments arrive with the admission feed, or are made on the patient's page.</p>
      <button type="button" className="button" onClick={onAll}>
        Show all patients
      </button>
    </Empty>
  );
}

function useColumns() {
  const trend = useMinWidth(1366);
  const nurse = useMinWidth(1152);
  return useMemo(() => ({ trend, nurse }), [trend, nurse]);
}
