/** A unit's board, live while somebody looks at it. */

import { useEffect, useMemo, useSyncExternalStore } from "react";
import { onAct } from "@/acts/acts";
import type { ApiProblem } from "@/api/problem";
import { type Connection, listen } from "@/api/stream";
import { acted, type BoardState, received } from "@/board/state";
import { clock } from "@/time/clock";

export interface LiveBoard {
  board: BoardState | null;
  connection: Connection;
  problem: ApiProblem | null;
}

class BoardStore {
  #live: LiveBoard = { board: null, connection: "connecting", problem: null };
  #listeners = new Set<() => void>();
  readonly #unit: string;

  constructor(unit: string) {
    this.#unit = unit;
  }

  open(): () => void {
    const closeStream = listen(`board/${encodeURIComponent(this.#unit)}`, {
      event: (name, content) => this.#heard(name, content),
      connection: (connection) => this.#become({ ...this.#live, connection }),
      refused: (problem) => this.#become({ ...this.#live, problem }),
    });
    const closeActs = onAct((alert, action) => {
      const { board } = this.#live;
      if (board && action !== "shown") this.#become({ ...this.#live, board: acted(board, alert, action !== "undo") });
    });
    return () => {
      closeStream();
      closeActs();
    };
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  live = (): LiveBoard => this.#live;

  #heard(name: string, content: unknown): void {
    const board = received(this.#live.board, name, content);
    if (!board || board === this.#live.board) return;
    clock.heard(board.now);
    // Of mere time the clock tells by itself.
    if (name === "tick" && board.totals === this.#live.board?.totals && board.feeds === this.#live.board.feeds)
      this.#live = { ...this.#live, board };
    else this.#become({ ...this.#live, board });
  }

  #become(live: LiveBoard): void {
    if (live.connection === this.#live.connection && live.board === this.#live.board && live.problem === this.#live.problem) return;
    this.#live = live;
    for (const listener of this.#listeners) listener();
  }
}

export function useBoard(unit: string): LiveBoard {
  const store = useMemo(() => new BoardStore(unit), [unit]);
  useEffect(() => store.open(), [store]);
  return useSyncExternalStore(store.subscribe, store.live);
}
