/** Messages a minute over the last hour in 128 x 28, over the usual rate as a quiet band. */

import { memo } from "react";
import type { Feed } from "@/feeds/types";
import { counted, usual } from "@/feeds/words";
import styles from "@/feeds/Rate.module.css";

const WIDTH = 120;
const HEIGHT = 28;
const BAR = 2;
/** A single message must be seen, and a busy minute must not leave the picture. */
const LEAST_TOP = 4;

export const Rate = memo(function Rate({ feed }: { feed: Feed }) {
  const { per_minute: minutes, expected_per_hour: range } = feed;
  const top = Math.max(LEAST_TOP, ...minutes, (range?.[1] ?? 0) / 60);
  const height = (count: number): number => (count / top) * (HEIGHT - 2);
  return (
    <svg
      className={styles.rate}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={`${counted(feed.per_hour, "message")} in the last hour, ${usual(feed)}`}
    >
      {range && (
        <rect
          className={styles.usual}
          x="0"
          y={HEIGHT - Math.max(2, height(range[1] / 60))}
          width={WIDTH}
          height={Math.max(2, height(range[1] / 60))}
        />
      )}
      <path className={styles.ground} d={`M0 ${HEIGHT - 0.5}H${WIDTH}`} />
      {minutes.map(
        (count, minute) =>
          count > 0 && (
            <rect
              key={minute}
              className={styles.minute}
              x={minute * BAR}
              y={HEIGHT - Math.max(2, height(count))}
              width={BAR - 0.5}
              height={Math.max(2, height(count))}
            />
          ),
      )}
    </svg>
  );
});
