/** A row of the timeline: its name and limits in the gutter, the plot, the last known value. */

import type { ReactNode } from "react";
import styles from "@/patient/timeline/Timeline.module.css";

interface Props {
  name: string;
  unit?: string | undefined;
  /** [text, pixels from the top]: the limits of the usual range beside it. */
  limits?: readonly (readonly [string, number])[];
  height: number;
  children?: ReactNode;
  last?: ReactNode;
  bold?: boolean;
  /** What the plot says, for those who hear it. */
  said?: string;
}

export function Row({ name, unit, limits = [], height, children, last, bold = false, said }: Props) {
  return (
    <div className={styles.row} style={{ minHeight: height }} data-slim={height < 40 || undefined}>
      <div className={styles.gutter}>
        <div className={styles.name}>{bold ? <b>{name}</b> : <span>{name}</span>}{unit && <small>{unit}</small>}</div>
        {limits.map(([text, top]) => <i key={text} style={{ top }}>{text}</i>)}
      </div>
      <div className={styles.plot} style={{ height }}>
        {said && <span className="spoken">{said}</span>}
        {children}
      </div>
      <div className={styles.last}>{last}</div>
    </div>
  );
}

export function Heading({ name, remark }: { name: string; remark?: string | undefined }) {
  return (
    <div className={styles.heading}>
      <h3>{name}</h3>
      {remark && <p>{remark}</p>}
    </div>
  );
}
