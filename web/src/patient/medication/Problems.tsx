/** Each problem with why it is one here, what to do, and where the rule comes from. The severe ones stand first, the recalled ones last. */

import { SeverityMark } from "@/design/SeverityMark";
import styles from "@/patient/medication/Review.module.css";
import type { DrugProblem, MedicationReview } from "@/patient/medication/types";
import { KIND_WORDS, placeOf, question, SEVERITY_WORDS } from "@/patient/medication/words";

interface Props {
  review: MedicationReview;
  open: string | undefined;
  onOpen: (place: string | undefined) => void;
}

export function Problems({ review, open, onOpen }: Props) {
  if (review.problems.length === 0)
    return (
      <p className={styles.none}>
        {review.drugs.length === 0 ? "No drug is ordered." : "No problem was found by the checks that could be made."}
      </p>
    );
  return (
    <ul className={styles.problems} aria-label="Problems">
      {review.problems.map((problem) => (
        <Line
          key={placeOf(problem)}
          problem={problem}
          isNew={review.new_problems?.includes(question(problem)) ?? false}
          open={open === placeOf(problem)}
          onOpen={onOpen}
        />
      ))}
    </ul>
  );
}

interface LineProps {
  problem: DrugProblem;
  isNew: boolean;
  open: boolean;
  onOpen: (place: string | undefined) => void;
}

function Line({ problem, isNew, open, onOpen }: LineProps) {
  const place = placeOf(problem);
  return (
    <li id={`problem ${place}`} data-open={open || undefined}>
      <button type="button" className={styles.line} aria-expanded={open} onClick={() => onOpen(open ? undefined : place)}>
        <SeverityMark severity={problem.severity} word={SEVERITY_WORDS[problem.severity]} />
        <span className={styles.summary}>
          {problem.summary}
          {isNew && <b className={styles.tag}>new</b>}
          {problem.standing === "provisional" && <b className={styles.tag}>provisional</b>}
        </span>
        <small>{KIND_WORDS[problem.kind]}</small>
      </button>
      {open && <Detail problem={problem} />}
    </li>
  );
}

function Detail({ problem }: { problem: DrugProblem }) {
  return (
    <dl className={styles.detail}>
      <dt>What to do</dt>
      <dd>{problem.management}</dd>
      {problem.instead.length > 0 && (
        <>
          <dt>Instead</dt>
          <dd>{problem.instead.join(", ")}</dd>
        </>
      )}
      {problem.nurse && (
        <>
          <dt>At the bedside</dt>
          <dd>{problem.nurse}</dd>
        </>
      )}
      {problem.reasons.length > 0 && (
        <>
          <dt>In this patient</dt>
          <dd>
            {problem.reasons.map((reason) => (
              <p key={`${reason.what} ${reason.value}`}>
                {reason.what}
                {reason.value && ` ${reason.value}`}
                {reason.effect && <b className={styles.tag}>{reason.effect === "worse" ? "makes it worse" : "makes it better"}</b>}
              </p>
            ))}
          </dd>
        </>
      )}
      {problem.mechanism && (
        <>
          <dt>Why</dt>
          <dd>{problem.mechanism}</dd>
        </>
      )}
      <dt>Source</dt>
      <dd>
        {problem.source}
        {problem.standing === "provisional" ? ". Provisional: waits for this hospital’s clinicians and never interrupts." : ". Verified."}
      </dd>
    </dl>
  );
}
