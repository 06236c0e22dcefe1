/** The place of something that is on its way, in its final size, so that nothing jumps when it arrives. */

import styles from "./Skeleton.module.css";

export function Skeleton({ width, height = "1em" }: { width: string; height?: string }) {
  return <span className={styles.bone} style={{ width, height }} aria-hidden="true" />;
}
