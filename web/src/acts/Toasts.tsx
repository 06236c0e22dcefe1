/** The corner where acts are confirmed and can be taken back while the seconds are counted. */

import { useEffect, useState } from "react";
import { putAway, type Toast, undoLast, useToasts } from "@/acts/toasts";
import { type Binding, useKeys } from "@/shell/keys";
import styles from "./Toasts.module.css";

const KEYS: readonly Binding[] = [{ keys: "u", says: "Undo the last act, within 10 seconds", group: "Alerts", run: undoLast }];

export function Toasts() {
  const toasts = useToasts();
  useKeys(KEYS);
  return (
    <section className={`${styles.corner} screen-only`} aria-label="Messages" aria-live="polite">
      {toasts.map((toast) => (
        <Bar key={toast.id} toast={toast} />
      ))}
    </section>
  );
}

function Bar({ toast }: { toast: Toast }) {
  const seconds = useSecondsLeft(toast);
  return (
    <div className={styles.bar} data-problem={toast.problem} role={toast.problem ? "alert" : undefined}>
      <span>{toast.text}</span>
      {toast.undo && (
        <button
          type="button"
          onClick={() => {
            putAway(toast.id);
            toast.undo?.();
          }}
        >
          Undo<span aria-hidden="true">, {seconds} s</span>
        </button>
      )}
      {toast.problem && (
        <button type="button" onClick={() => putAway(toast.id)}>
          Close
        </button>
      )}
    </div>
  );
}

function useSecondsLeft(toast: Toast): number {
  const left = () => Math.max(0, Math.ceil((toast.until - performance.now()) / 1_000));
  const [seconds, setSeconds] = useState(left);
  useEffect(() => {
    if (toast.problem) return undefined;
    const counting = setInterval(() => {
      setSeconds(left());
      if (left() === 0) putAway(toast.id);
    }, 250);
    return () => clearInterval(counting);
  });
  return seconds;
}
