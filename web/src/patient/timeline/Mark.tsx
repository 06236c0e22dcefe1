/** A small mark on a row that has something to say: press, point at or reach it with Tab, and it says it. */

import { type CSSProperties, type ReactNode, useState } from "react";
import styles from "@/patient/timeline/Mark.module.css";

interface Props {
  kind: "hollow" | "struck" | "awaited" | "revised" | "dot" | "plain";
  left: number;
  top?: number;
  words: string;
  /** Asked for when it is opened. */
  onOpen?: () => void;
  /** Opens to this side, so that it stays on the sheet. */
  towards: "left" | "right";
  children?: ReactNode;
}

export function Mark({ kind, left, top, words, onOpen, towards, children }: Props) {
  const [open, setOpen] = useState(false);
  const show = () => {
    onOpen?.();
    setOpen(true);
  };
  const style: CSSProperties = { left, ...(top === undefined ? {} : { top }) };
  return (
    <span className={styles.place} style={style} onPointerEnter={show} onPointerLeave={() => setOpen(false)}>
      <button
        type="button"
        className={styles.mark}
        data-kind={kind}
        onFocus={show}
        onBlur={() => setOpen(false)}
        onKeyDown={(event) => event.key === "Escape" && setOpen(false)}
      >
        <span className="spoken">{words}</span>
        {children && <span aria-hidden="true">{children}</span>}
      </button>
      {open && (
        <span className={styles.words} data-towards={towards} role="tooltip">
          {words}
        </span>
      )}
    </span>
  );
}
