/** The board before its first answer: every line already in its place and size. */

import styles from "@/board/Board.module.css";
import { Skeleton } from "@/design/Skeleton";

export function BoardSkeleton() {
  return (
    <div className={styles.page} role="status" aria-label="The ward board is opening">
      <div style={{ height: 50, display: "grid", alignContent: "center" }}>
        <Skeleton width="280px" height="24px" />
      </div>
      <div className="panel" style={{ height: 40 }} />
      <div className="panel" style={{ flex: 1, overflow: "hidden" }}>
        {Array.from({ length: 24 }, (_, index) => (
          <div
            key={index}
            style={{ height: 40, padding: "0 16px", display: "flex", alignItems: "center", gap: 24, borderBottom: "1px solid var(--line)" }}
          >
            <Skeleton width="24px" height="16px" />
            <Skeleton width="160px" height="16px" />
            <Skeleton width="72px" height="16px" />
            <Skeleton width="40%" height="16px" />
          </div>
        ))}
      </div>
    </div>
  );
}
