/** A framework at a glance: one square for each control, in the order of its text. */

import styles from "@/privacy/compliance/Compliance.module.css";
import type { Framework, State } from "@/privacy/compliance/queries";
import { inWords, WORDS } from "@/privacy/compliance/words";

export function Grid({ framework, only }: { framework: Framework; only: State | null }) {
  return (
    <div className={styles.grid} role="img" aria-label={inWords(framework)}>
      {framework.controls.map(({ id, title, state }) => (
        <i
          key={id}
          className={styles.square}
          data-state={state}
          data-faded={only !== null && only !== state}
          title={`${id} ${title}: ${WORDS[state]}`}
        />
      ))}
    </div>
  );
}
