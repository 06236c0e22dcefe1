/** Guidelines: the cards that are about this patient, and one of them opened with what is due, what is done and what to know first. */

import { useQuery } from "@tanstack/react-query";
import { Empty } from "@/design/Empty";
import { useNarrow } from "@/design/media";
import { Problem } from "@/design/Problem";
import { Skeleton } from "@/design/Skeleton";
import { fittingQuery, guidelinesQuery } from "@/guidelines/queries";
import type { Fitting } from "@/guidelines/types";
import { applies } from "@/guidelines/words";
import { usePatientSearch } from "@/patient/asOf";
import { ForPatient } from "@/patient/guidelines/ForPatient";
import styles from "@/patient/guidelines/GuidelinesTab.module.css";
import type { WholePatient } from "@/patient/types";

export function GuidelinesTab({ patient }: { patient: WholePatient }) {
  const { search, change } = usePatientSearch();
  const narrow = useNarrow();
  const { data: all } = useQuery(guidelinesQuery);
  const { data, error, refetch } = useQuery(fittingQuery(patient.id, search.as_of));
  if (error && !data) return <Problem error={error} again={() => void refetch()} />;
  if (!data) return <Skeleton width="60%" />;
  const others = (all?.guidelines ?? []).filter(({ id }) => data.guidelines.every((each) => each.id !== id));
  const first = data.guidelines.find((each) => each.met);
  const open = search.card ?? (narrow ? undefined : first?.id);
  const back = narrow ? () => change({ card: undefined }) : undefined;
  if (narrow && open) return <ForPatient key={open} patient={patient} id={open} onBack={back} />;
  return (
    <div className={styles.columns}>
      <section className={`panel ${styles.list}`} aria-label="Guidelines for this patient">
        <h2>Guidelines</h2>
        {data.restricted > 0 && (
          <p className={styles.fine}>Some facts of this record are not shown to you; these answers do not know them.</p>
        )}
        {data.guidelines.length === 0 && (
          <p className={styles.fine}>No card is about this patient, as far as the record says. A problem or a result can change that.</p>
        )}
        <ul>
          {data.guidelines.map((each) => (
            <li key={each.id}>
              <Line card={each} isOpen={each.id === open} onOpen={() => change({ card: each.id })} />
            </li>
          ))}
        </ul>
        {others.length > 0 && <h3>Other cards</h3>}
        <ul>
          {others.map((each) => (
            <li key={each.id}>
              <button
                type="button"
                className={`${styles.line} ${styles.other}`}
                aria-current={each.id === open || undefined}
                onClick={() => change({ card: each.id })}
              >
                {each.title}
              </button>
            </li>
          ))}
        </ul>
      </section>
      {open ? (
        <ForPatient key={open} patient={patient} id={open} onBack={back} />
      ) : (
        !narrow && (
          <Empty title="Choose a guideline">
            <p>It shows what is due for this patient, what is done, and why.</p>
          </Empty>
        )
      )}
    </div>
  );
}

function Line({ card, isOpen, onOpen }: { card: Fitting; isOpen: boolean; onOpen: () => void }) {
  return (
    <button type="button" className={styles.line} aria-current={isOpen || undefined} onClick={onOpen}>
      <b>{card.title}</b>
      <span>
        {applies(card.met)}
        {card.met && `, ${card.due} ${card.due === 1 ? "step" : "steps"} due`}
      </span>
    </button>
  );
}
