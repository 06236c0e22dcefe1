/** The controls of a framework as lines; each opens to the tests that show it. */

import styles from "@/privacy/compliance/Compliance.module.css";
import type { Control, Framework, State } from "@/privacy/compliance/queries";
import { STATES, WORDS } from "@/privacy/compliance/words";
import { clock } from "@/time/clock";
import { moment } from "@/time/words";

export function Controls({ framework, only }: { framework: Framework; only: State | null }) {
  const wanted = framework.controls.filter(({ state }) => only === null || state === only);
  if (wanted.length === 0) return <p className={styles.none}>None of these is {only && WORDS[only].toLowerCase()}.</p>;
  const open = only !== null && wanted.length <= 12;
  return (
    <details className={styles.controls} key={String(open)} open={open}>
      <summary>
        {wanted.length} {wanted.length === 1 ? "control" : "controls"}
      </summary>
      <ul>
        {[...wanted]
          .sort((one, other) => STATES.indexOf(one.state) - STATES.indexOf(other.state))
          .map((each) => (
            <Line key={each.id} control={each} />
          ))}
      </ul>
    </details>
  );
}

function Line({ control: { id, title, state, how, tests } }: { control: Control }) {
  return (
    <li className={styles.control} data-control={id}>
      <code>{id}</code>
      <span>
        <i className={styles.square} data-state={state} aria-hidden="true" /> {WORDS[state]}
      </span>
      <div>
        <b>{title}</b>
        <p>{how}</p>
        {tests.length > 0 && (
          <ul className={styles.tests} aria-label="Tests that show it">
            {tests.map(({ name, passed, at }) => (
              <li key={name}>
                <code>{name}</code> {passed === null ? "not run" : `${passed ? "passed" : "failed"} ${at ? moment(at, clock.now()) : ""}`}
              </li>
            ))}
          </ul>
        )}
      </div>
    </li>
  );
}
