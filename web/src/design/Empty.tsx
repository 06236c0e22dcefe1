/** Nothing here yet: says what belongs here and how it gets filled. */

import type { ReactNode } from "react";
import styles from "./States.module.css";

export function Empty({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={styles.state}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}
