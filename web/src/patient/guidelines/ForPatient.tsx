/** One guideline card on one patient's record: criteria met or missing, questions only a person can answer, and every step with its why. */

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Problem } from "@/design/Problem";
import { Skeleton } from "@/design/Skeleton";
import { Grounds, Standing } from "@/guidelines/Grounds";
import styles from "@/guidelines/Guidelines.module.css";
import { appliedQuery } from "@/guidelines/queries";
import { Steps } from "@/guidelines/Steps";
import type { AppliedGuideline, JudgedCriterion } from "@/guidelines/types";
import { applies, missingWords, reasonWords } from "@/guidelines/words";
import { usePatientSearch } from "@/patient/asOf";
import type { WholePatient } from "@/patient/types";

interface Props {
  patient: WholePatient;
  id: string;
  onBack?: (() => void) | undefined;
}

export function ForPatient({ patient, id, onBack }: Props) {
  const { search } = usePatientSearch();
  const [judged, setJudged] = useState<Record<string, boolean>>({});
  const { data, error, refetch } = useQuery(appliedQuery(patient.id, id, judged, search.as_of));
  if (error && !data) return <Problem error={error} again={() => void refetch()} />;
  if (!data) return <Skeleton width="60%" />;
  const card = data.guideline;
  return (
    <article className={`panel ${styles.card}`} aria-label={card.title}>
      <header className={styles.title}>
        {onBack && (
          <button type="button" className="button" onClick={onBack}>
            All cards
          </button>
        )}
        <h2>
          {card.title} <small role="status">{applies(data.met)}</small>
        </h2>
        <p>{card.question}</p>
      </header>
      <Standing card={card} />
      {card.caution && <p className={styles.caution}>{card.caution}</p>}
      <section className={styles.part} aria-label="Is it about this patient?">
        <h3>Is it about this patient?</h3>
        <ul className={styles.criteria}>
          {data.criteria.map((each) => (
            <Criterion key={each.name} criterion={each} />
          ))}
        </ul>
      </section>
      <Questions data={data} judged={judged} onAnswer={setJudged} />
      <Steps card={card} judged={data.steps} />
      <Grounds card={card} />
      <p className={styles.standing}>Nothing answered here is kept in the record, and nobody is alerted.</p>
    </article>
  );
}

function Criterion({ criterion }: { criterion: JudgedCriterion }) {
  const word = criterion.met === null ? "Not known" : criterion.met ? "Met" : "Not met";
  const because = criterion.because.map(reasonWords).join("; ");
  return (
    <li data-met={String(criterion.met)}>
      <b className={styles.state}>{word}</b>
      <span>
        {criterion.name}
        <small>
          {criterion.met && because ? because : criterion.text}
          {criterion.met === null && criterion.missing.length > 0 && ` – missing: ${missingWords(criterion.missing)}`}
        </small>
      </span>
    </li>
  );
}

interface QuestionsProps {
  data: AppliedGuideline;
  judged: Record<string, boolean>;
  onAnswer: (judged: Record<string, boolean>) => void;
}

const ANSWERS = [
  ["", "–"],
  ["yes", "Yes"],
  ["no", "No"],
] as const;

/** What no record answers: said here for this look only. */
function Questions({ data, judged, onAnswer }: QuestionsProps) {
  if (data.questions.length === 0) return null;
  function answer(key: string, said: string): void {
    const { [key]: _, ...others } = judged;
    onAnswer(said === "" ? others : { ...others, [key]: said === "yes" });
  }
  return (
    <section className={styles.part} aria-label="Only you can say">
      <h3>Only you can say</h3>
      <ul className={styles.questions}>
        {data.questions.map(({ key, question }) => (
          <li key={key}>
            <fieldset>
              <legend>{question}</legend>
              <span className={styles.answers}>
                {ANSWERS.map(([value, word]) => (
                  <label key={word}>
                    <input
                      type="radio"
                      name={key}
                      checked={(judged[key] === undefined ? "" : judged[key] ? "yes" : "no") === value}
                      onChange={() => answer(key, value)}
                    />
                    {word === "–" ? <span className="spoken">Not said</span> : null}
                    <span aria-hidden={word === "–" || undefined}>{word}</span>
                  </label>
                ))}
              </span>
            </fieldset>
          </li>
        ))}
      </ul>
    </section>
  );
}
