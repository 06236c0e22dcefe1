/** Nothing here yet: says what belongs here and how it gets filled. */

import type { ReactNode } from "react";
import styles from "./States.module.css";

interface Props {
  title: string;
  /** Where this is all there is on the page, its title is the page's own. */
  whole?: boolean;
  children: ReactNode;
}

export function Empty({ title, whole = false, children }: Props) {
  return (
    <section className={styles.state}>
      {whole ? <h1>{title}</h1> : <h2>{title}</h2>}
      {children}
    </section>
  );
}
