/** The steps of a card: what to do, why, by when, with which drugs, how strongly it is recommended; for a patient also where it stands. */

import styles from "@/guidelines/Guidelines.module.css";
import type { Guideline, JudgedStep, Step } from "@/guidelines/types";
import { inOrder, missingWords, reasonWords, sourceWords, STATES } from "@/guidelines/words";

interface Props {
  card: Guideline;
  judged?: readonly JudgedStep[] | undefined;
}

export function Steps({ card, judged }: Props) {
  const steps = new Map(card.steps.map((step) => [step.id, step]));
  const rows = judged
    ? inOrder(judged).flatMap((each) => {
        const step = steps.get(each.id);
        return step ? [{ step, judged: each }] : [];
      })
    : card.steps.map((step) => ({ step, judged: undefined }));
  return (
    <section aria-label="Steps" className={styles.part}>
      <h3>Steps</h3>
      <ol className={styles.steps}>
        {rows.map(({ step, judged: state }) => (
          <li key={step.id} data-state={state?.state}>
            <OneStep card={card} step={step} judged={state} />
          </li>
        ))}
      </ol>
    </section>
  );
}

function OneStep({ card, step, judged }: { card: Guideline; step: Step; judged: JudgedStep | undefined }) {
  const source = card.sources.find((each) => each.id === step.source);
  return (
    <>
      <p className={styles.when}>
        {judged && <b className={styles.state}>{STATES[judged.state]}</b>}
        {step.within && <span>within {step.within}</span>}
      </p>
      <div className={styles.doing}>
        <p className={styles.do}>{step.do}</p>
        <p className={styles.why}>{step.why}.</p>
        {judged ? <Why judged={judged} /> : <Conditions step={step} />}
        {step.medicines.length > 0 && (
          <ul className={styles.drugs} aria-label="Drugs">
            {step.medicines.map((each) => (
              <li key={each.substance}>
                <b>{each.substance}</b> {[each.dose, each.route, each.note].filter(Boolean).join(", ")}
              </li>
            ))}
          </ul>
        )}
      </div>
      <p className={styles.grade}>
        {step.strength}
        <small>{step.evidence === "not graded" ? "evidence not graded" : `evidence: ${step.evidence}`}</small>
        {source && <small>{sourceWords(source)}</small>}
      </p>
    </>
  );
}

function Conditions({ step }: { step: Step }) {
  if (!step.when && !step.unless) return null;
  return (
    <p className={styles.reason}>
      {step.when && (
        <>
          <b>Only if:</b> {step.when}{" "}
        </>
      )}
      {step.unless && (
        <>
          <b>Not if:</b> {step.unless}
        </>
      )}
    </p>
  );
}

function Why({ judged }: { judged: JudgedStep }) {
  const because = judged.because.map(reasonWords).join("; ");
  return (
    <p className={styles.reason}>
      <b>Why:</b> {judged.why}
      {because && <> – {because}</>}
      {judged.state === "open" && judged.missing.length > 0 && <> – to know: {missingWords(judged.missing)}</>}
    </p>
  );
}
