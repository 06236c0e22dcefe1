/** What laws and standards ask, and which test showed last that it is met. Counts of what was seen; there is no score. */

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Age } from "@/design/Age";
import { Problem } from "@/design/Problem";
import { Skeleton } from "@/design/Skeleton";
import styles from "@/privacy/compliance/Compliance.module.css";
import { Controls } from "@/privacy/compliance/Controls";
import { Grid } from "@/privacy/compliance/Grid";
import { Hazards } from "@/privacy/compliance/Hazards";
import { complianceQuery, type Matrix, type State } from "@/privacy/compliance/queries";
import { inWords, MEANS, STATES, WORDS } from "@/privacy/compliance/words";
import system from "@/system/System.module.css";

export function Compliance() {
  const { data, error, refetch } = useQuery(complianceQuery);
  const [only, setOnly] = useState<State | null>(null);
  if (error && !data) return <Problem error={error} again={() => void refetch()} />;
  if (!data) return <Skeleton width="100%" height="20rem" />;
  return (
    <>
      <section className="panel" aria-label="What was seen">
        <h2 className={system.head}>Controls</h2>
        <p className={system.says}>
          <Tested matrix={data} /> Each square is one control. What only the hospital can do is said, and never counted as done.
        </p>
        <ul className={styles.legend} aria-label="Show only">
          {STATES.filter((state) => data.frameworks.some((each) => each.counts[state] > 0)).map((state) => (
            <li key={state}>
              <button
                type="button"
                aria-pressed={only === state}
                title={MEANS[state]}
                onClick={() => setOnly(only === state ? null : state)}
              >
                <i className={styles.square} data-state={state} aria-hidden="true" />
                {WORDS[state]}
              </button>
            </li>
          ))}
        </ul>
      </section>
      {data.frameworks.map((each) => (
        <section className="panel" key={each.id} aria-label={each.title} data-framework={each.id}>
          <header className={styles.framework}>
            <h2>{each.title}</h2>
            <p>{inWords(each)}</p>
            <Grid framework={each} only={only} />
          </header>
          <p className={system.says}>
            {each.source}. {each.standing === "provisional" && <b>Listed from memory, to be held against the text. </b>}
            {each.scope}
          </p>
          <Controls framework={each} only={only} />
        </section>
      ))}
      <Hazards />
    </>
  );
}

function Tested({ matrix }: { matrix: Matrix }) {
  if (!matrix.tested_at)
    return (
      <>
        <b>The tests of this version have not run here</b>, so nothing is claimed to be shown; <code>make test</code> runs them.
      </>
    );
  return (
    <>
      <b>{matrix.tests} tests</b> of version {matrix.version} ran, the last <Age at={matrix.tested_at} /> ago.
    </>
  );
}
