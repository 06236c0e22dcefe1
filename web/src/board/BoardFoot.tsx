/** The keys of the table and what the numbers stand on. */

import styles from "@/board/BoardFoot.module.css";
import type { BoardState } from "@/board/state";
import { zoneName } from "@/time/words";

const HINTS = [
  ["↑ ↓", "move"],
  ["a", "acknowledge"],
  ["o", "override"],
  ["e", "escalate"],
  ["y", "why"],
  ["Enter", "open patient"],
  ["/", "search"],
  ["?", "all keys"],
] as const;

export function BoardFoot({ board }: { board: BoardState }) {
  return (
    <footer className={`${styles.foot} screen-only`} data-tour="keys">
      <ul>
        {HINTS.map(([key, says]) => (
          <li key={key}>
            <kbd>{key}</kbd> {says}
          </li>
        ))}
      </ul>
      <p>
        All times {zoneName()}. {board.headline_title}: {board.headline_reference}
      </p>
    </footer>
  );
}
