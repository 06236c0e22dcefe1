/** What alerts have been to people under the policies of their time: counted from the log when somebody asks, because it reads all of it. */

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { boardsQuery } from "@/api/queries";
import styles from "@/policy/AlertBurden.module.css";
import { BurdenShown } from "@/policy/BurdenShown";
import { useIsClinical } from "@/policy/clinical";
import { type BurdenAsked, burdenQuery } from "@/policy/queries";
import { REACHES, since } from "@/policy/reach";
import { useSeconds } from "@/policy/seconds";
import type { AlertBurden as Counted } from "@/policy/types";
import { clock } from "@/time/clock";
import { moment } from "@/time/words";

const NOTHING: BurdenAsked = { unit: "", since: undefined, turn: 0 };
const A_WEEK = "168";

export function AlertBurden() {
  const [unit, setUnit] = useState("");
  const [reach, setReach] = useState<string>(A_WEEK);
  const [asked, setAsked] = useState<BurdenAsked | null>(null);
  const { data, error, isFetching } = useQuery({ ...burdenQuery(asked ?? NOTHING), enabled: asked !== null });
  const count = () => setAsked((before) => ({ unit, since: since(reach), turn: (before?.turn ?? 0) + 1 }));
  const shown = asked !== null && !error ? data : undefined;
  return (
    <section className={`panel ${styles.panel}`} aria-label="What alerts have been" aria-busy={isFetching}>
      <header className={styles.head}>
        <h2>
          What alerts have been <small>counted from the log, not simulated</small>
        </h2>
        <UnitChoice unit={unit} onUnit={setUnit} />
        <select aria-label="Counted over" className="button" value={reach} onChange={(event) => setReach(event.target.value)}>
          {REACHES.map(([hours, words]) => (
            <option key={words} value={hours}>
              {words}
            </option>
          ))}
        </select>
        {isFetching ? (
          <button type="button" className="button" onClick={() => setAsked(null)}>
            Stop
          </button>
        ) : (
          <button type="button" className="button" onClick={count}>
            {shown ? "Count again" : "Count"}
          </button>
        )}
      </header>
      {isFetching ? <Counting /> : <Says error={error} burden={shown} />}
      {shown && <BurdenShown burden={shown} />}
    </section>
  );
}

/** Clinical people see which units there are; others count the whole house. */
function UnitChoice({ unit, onUnit }: { unit: string; onUnit: (unit: string) => void }) {
  const isClinical = useIsClinical();
  const { data } = useQuery({ ...boardsQuery, refetchInterval: false, enabled: isClinical });
  if (!isClinical) return null;
  return (
    <select aria-label="Unit" className="button" value={unit} onChange={(event) => onUnit(event.target.value)}>
      <option value="">All units</option>
      {data?.units.map((each) => (
        <option key={each.unit} value={each.unit}>
          {each.label}
        </option>
      ))}
    </select>
  );
}

/** The line under the heading: what was counted, why nothing was, or what can be. */
function Says({ error, burden }: { error: Error | null; burden: Counted | undefined }) {
  const now = clock.now();
  if (error)
    return (
      <p className={styles.says} role="alert">
        <b>Not counted.</b> {error.message} Nothing was changed.
      </p>
    );
  if (!burden)
    return (
      <p className={styles.says}>
        How many alerts there were, how fast they were answered, how they ended and why they were overridden. Counting reads the whole log;
        the wards do not notice.
      </p>
    );
  const { unit, since: from, until } = burden;
  return (
    <p className={styles.says}>
      {unit ? `Unit ${unit}` : "All units"}
      {from && until && `, ${moment(from, now)} to ${moment(until, now)}`}
    </p>
  );
}

function Counting() {
  const seconds = useSeconds();
  return (
    <p className={styles.says} role="status">
      <b>Counting</b> from the log, in a process of its own. <span aria-hidden="true">{seconds} s</span>
    </p>
  );
}
