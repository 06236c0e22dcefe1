/** How urgent, as shape, word and colour: filled while nobody has seen it, outlined once somebody has, or where nobody needs to. */

import type { Severity } from "@/api/types";
import styles from "./SeverityMark.module.css";

interface Props {
  severity: Severity;
  /** Left out where it is not about an alert: settings, examples. */
  seen?: boolean | undefined;
  word: string;
  /** What was decided since it was seen, if anything. */
  state?: string;
}

export function SeverityMark({ severity, seen, word, state = "acknowledged" }: Props) {
  if (severity === "none")
    return (
      <span className={styles.rest}>
        <i aria-hidden="true">–</i>
        {word}
      </span>
    );
  return (
    <span className={styles.mark} data-severity={severity} data-seen={seen ?? true}>
      <SeverityShape severity={severity} filled={seen === false} />
      {word}
      {seen !== undefined && <span className="spoken">{seen ? `, ${state}` : ", not seen yet"}</span>}
    </span>
  );
}

const SHAPES = {
  high: <path d="M7 1.8 13 12.2H1Z" />,
  medium: <path d="M7 .9 13.1 7 7 13.1.9 7Z" />,
  low: <circle cx="7" cy="7" r="5.3" />,
};

/** The shape alone, 14 px, for totals beside a number and a word. */
export function SeverityShape({ severity, filled }: { severity: Exclude<Severity, "none">; filled: boolean }) {
  return (
    <svg className={styles.shape} data-severity={severity} data-filled={filled} viewBox="0 0 14 14" aria-hidden="true">
      {SHAPES[severity]}
    </svg>
  );
}
