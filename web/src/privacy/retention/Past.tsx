/** What was decided before: who agreed, and by which law something was refused. */

import { type Erasure } from "@/privacy/retention/queries";
import styles from "@/privacy/retention/Retention.module.css";
import { named } from "@/privacy/retention/words";
import system from "@/system/System.module.css";
import { clock } from "@/time/clock";
import { moment } from "@/time/words";

const WORDS: Record<Erasure["state"], string> = { waiting: "Waiting", done: "Erased", refused: "Refused", withdrawn: "Taken back" };
const SHOWN = 50;

export function Past({ past }: { past: readonly Erasure[] }) {
  return (
    <section className="panel" aria-label="Decided">
      <h2 className={system.head}>Decided</h2>
      {past.length === 0 && <p className={system.says}>Nothing has been decided yet.</p>}
      <ul className={styles.list}>
        {past.slice(0, SHOWN).map((each) => (
          <li key={each.id}>
            <span>
              <b>{WORDS[each.state]}</b> {each.persons.length === 1 ? named(each.persons[0]) : `${each.persons.length} persons`}
              {each.state === "refused" && <small>{each.basis}</small>}
              {each.state === "done" && <small>{done(each)}</small>}
            </span>
            <span className="fine">
              {each.closed_at && moment(each.closed_at, clock.now())}
              {each.closed_by && `, ${each.closed_by}`}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function done(erasure: Erasure): string {
  const asked = erasure.asked_by ? `asked by ${erasure.asked_by}: ` : "";
  return `${asked}${erasure.ground_words}${erasure.keys ? `; ${erasure.keys === 1 ? "1 key" : `${erasure.keys} keys`} destroyed` : ""}`;
}
