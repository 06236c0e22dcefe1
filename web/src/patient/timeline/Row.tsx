/** A row of the timeline: its name and limits in the gutter, the plot, the last known value. */

import type { ReactNode } from "react";
import styles from "@/patient/timeline/Timeline.module.css";

type Limit = readonly [text: string, top: number];
type Limits = readonly Limit[];

interface Props {
  name: string;
  unit?: string | undefined;
  /** [text, pixels from the top]: the limits of the usual range beside it. */
  limits?: Limits;
  height: number;
  children?: ReactNode;
  last?: ReactNode;
  bold?: boolean;
  /** What the plot says, for those who hear it. */
  said?: string;
}

export function Row({ name, unit, limits = [], height, children, last, bold = false, said }: Props) {
  return (
    <div className={styles.row} style={{ minHeight: height }} data-row-of={name} data-slim={height < 40 || undefined}>
      <div className={styles.gutter}>
        <div className={styles.name}>
          {bold ? <b>{name}</b> : <span>{name}</span>}
          {unit && <small>{unit}</small>}
        </div>
        {apart(limits).map(([text, top]) => (
          <i key={text} style={{ top }}>
            {text}
          </i>
        ))}
      </div>
      <div className={styles.plot} style={{ height }}>
        {said && <span className="spoken">{said}</span>}
        {children}
      </div>
      <div className={styles.last}>{last}</div>
    </div>
  );
}

const LINE = 13;

/** Limits that lie closer than a line of text are moved apart, each by half of what is missing. */
function apart(limits: Limits): Limits {
  const sorted = [...limits].sort(([, a], [, b]) => a - b);
  return sorted.map(([text, top], index) => {
    const missing = (other: Limit | undefined) => (other ? Math.max(0, LINE - Math.abs(other[1] - top)) / 2 : 0);
    return [text, top + missing(sorted[index - 1]) - missing(sorted[index + 1])];
  });
}

export function Heading({ name, remark }: { name: string; remark?: string | undefined }) {
  return (
    <div className={styles.heading}>
      <h2>{name}</h2>
      {remark && <p>{remark}</p>}
    </div>
  );
}
