/** The answers beside the timeline: the headline score with its reasons open, the others in one line each, what could not be answered last. */

import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useId, useState } from "react";
import { capabilityQuery } from "@/api/queries";
import type { Answer, Severity } from "@/api/types";
import { SeverityMark } from "@/design/SeverityMark";
import styles from "@/patient/Answers.module.css";
import { Changed } from "@/patient/Changed";
import { useGlow } from "@/patient/glow";
import { summaryOf } from "@/patient/summary";
import { changeWords } from "@/patient/trend";
import type { ScorePoint, TimelineAnswer, WholePatient } from "@/patient/types";
import { severityWord, titleOf, valueShown, WhyBody } from "@/patient/Why";
import { clock } from "@/time/clock";
import { age, moment } from "@/time/words";

interface Props {
  patient: WholePatient;
  timeline: TimelineAnswer | undefined;
  /** The past moment that is shown; undefined: now. */
  at: number | undefined;
}

const isAnswered = (each: Answer): boolean => each.outcome === "finding" || each.outcome === "at_least";
const isHead =
  (patient: WholePatient) =>
  (each: Answer): boolean =>
    each.capability === patient.headline && each.outcome !== "unknown";

/** The score of the ward board, with its reasons. */
export function Headline({ patient, timeline, at }: Props) {
  const answer = patient.answers.find(isHead(patient));
  if (patient.answers.length === 0) {
    return (
      <section className="panel" aria-label="Answers">
        <h2 className={styles.head}>No answer yet</h2>
        <p className={styles.none}>Scores appear with the first vital signs or results that arrive for this patient.</p>
      </section>
    );
  }
  if (!answer) return null;
  const scores = timeline?.scores.find((each) => each.capability === answer.capability && each.key === answer.key)?.points ?? [];
  return <HeadlineAnswer key={answer.capability} answer={answer} scores={scores} patient={patient.id} timeline={timeline} at={at} />;
}

interface HeadlineProps {
  answer: Answer;
  scores: readonly ScorePoint[];
  patient: string;
  timeline: TimelineAnswer | undefined;
  at: number | undefined;
}

function HeadlineAnswer({ answer, scores, patient, timeline, at }: HeadlineProps) {
  const capability = useQuery(capabilityQuery(answer.capability)).data;
  const title = titleOf(capability, answer);
  return (
    <section className="panel" aria-label={title}>
      <Foldable
        answer={answer}
        title={title}
        opened
        at={at}
        timeline={timeline}
        heading="h2"
        changed={<Changed patient={patient} answer={answer} scores={scores} />}
        words={changeWords(answer, scores, at ?? clock.now())}
      />
    </section>
  );
}

/** Every other answer: what stands out first, values that are as they should be together in one line. */
export function OtherAnswers({ patient, timeline, at }: Props) {
  const others = patient.answers
    .filter((each) => isAnswered(each) && !isHead(patient)(each))
    .sort((a, b) => RANK[b.severity] - RANK[a.severity]);
  const open = patient.answers.filter((each) => !isAnswered(each) && !isHead(patient)(each));
  const routine = routineGroups(others);
  const alone = others.filter((each) => !routine.get(each.capability)?.includes(each));
  return (
    <>
      {others.length > 0 && (
        <section className="panel" aria-label="Other answers">
          <h2 className={styles.head}>
            Other answers <small>{at === undefined ? "" : `as known at ${moment(at, at)}`}</small>
          </h2>
          {alone.map((each) => (
            <OneAnswer key={`${each.capability} ${each.key}`} answer={each} at={at} timeline={timeline} />
          ))}
          {[...routine].map(([id, answers]) => (
            <RoutineAnswers key={id} answers={answers} at={at} timeline={timeline} />
          ))}
        </section>
      )}
      {open.length > 0 && <NotAnswered answers={open} at={at} />}
    </>
  );
}

const RANK: Record<Severity, number> = { none: 0, low: 1, medium: 2, high: 3 };

/** One question asked of several values, of which at least two need nothing: "Critical laboratory values" of potassium, sodium ... */
function routineGroups(answers: readonly Answer[]): Map<string, Answer[]> {
  const groups = new Map<string, Answer[]>();
  for (const each of answers.filter((answer) => answer.key && answer.severity === "none")) {
    groups.set(each.capability, [...(groups.get(each.capability) ?? []), each]);
  }
  return new Map([...groups].filter(([, members]) => members.length > 1));
}

interface OneProps {
  answer: Answer;
  at: number | undefined;
  timeline: TimelineAnswer | undefined;
}

function OneAnswer({ answer, at, timeline }: OneProps) {
  const capability = useQuery(capabilityQuery(answer.capability)).data;
  const title = titleOf(capability, answer);
  return <Foldable answer={answer} title={title} at={at} timeline={timeline} heading="h3" words={summaryOf(title, answer)} />;
}

interface FoldableProps extends OneProps {
  title: string;
  heading: "h2" | "h3";
  words: string;
  opened?: boolean;
  changed?: ReactNode;
}

function Foldable({ answer, title, at, timeline, heading: Heading, words, opened = false, changed }: FoldableProps) {
  const [open, setOpen] = useState(opened);
  const body = useId();
  const glow = useGlow(at === undefined ? `${answer.value} ${answer.outcome}` : undefined);
  const lastMeasured = (concept: string) => timeline?.measured.find((series) => series.name === concept)?.last?.at;
  return (
    <article className={styles.answer} data-glow={glow || undefined} data-head={opened || undefined}>
      <header>
        <Heading>
          {title} {answer.severity === "none" && <b>{valueShown(answer)}</b>}
        </Heading>
        {answer.severity !== "none" && (
          <SeverityMark severity={answer.severity} word={`${valueShown(answer)}, ${severityWord(answer).toLowerCase()}`} />
        )}
        <p>
          {words}
          {answer.stale && " Out of date."}
        </p>
        <button type="button" className="link" aria-expanded={open} aria-controls={body} onClick={() => setOpen(!open)}>
          Why<span className="spoken"> {title}</span> <span aria-hidden="true">{open ? "▴" : "▾"}</span>
        </button>
      </header>
      <div id={body} hidden={!open}>
        {open && (
          <WhyBody answer={answer} at={at} lastMeasured={lastMeasured}>
            {changed}
          </WhyBody>
        )}
      </div>
    </article>
  );
}

function RoutineAnswers({
  answers,
  at,
  timeline,
}: {
  answers: readonly Answer[];
  at: number | undefined;
  timeline: TimelineAnswer | undefined;
}) {
  const [first] = answers;
  const capability = useQuery({ ...capabilityQuery(first?.capability ?? ""), enabled: first !== undefined }).data;
  const [open, setOpen] = useState(false);
  const title = first ? titleOf(capability, { ...first, key: "" }) : "";
  return (
    <>
      <article className={styles.answer}>
        <header>
          <h3>
            {title} <b>{answers.length} routine</b>
          </h3>
          <p>{sentence(answers.map((each) => each.key.replaceAll("_", " ")).join(", "))}</p>
          <button type="button" className="link" aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? "Fewer" : "Each"}
            <span className="spoken"> of {title}</span> <span aria-hidden="true">{open ? "▴" : "▾"}</span>
          </button>
        </header>
      </article>
      {open && answers.map((each) => <OneAnswer key={each.key} answer={each} at={at} timeline={timeline} />)}
    </>
  );
}

/** Questions that cannot be answered now, each with what is missing. */
function NotAnswered({ answers, at }: { answers: readonly Answer[]; at: number | undefined }) {
  return (
    <section className="panel" aria-label="Not answered">
      <h2 className={styles.head}>
        Not answered <small>{answers.length}</small>
      </h2>
      <ul className={styles.list}>
        {answers.map((each) => (
          <NotAnsweredLine key={`${each.capability} ${each.key}`} answer={each} at={at} />
        ))}
      </ul>
    </section>
  );
}

function NotAnsweredLine({ answer, at }: { answer: Answer; at: number | undefined }) {
  const capability = useQuery(capabilityQuery(answer.capability)).data;
  const missing = answer.missing.map((name) => name.replaceAll("_", " ")).join(", ");
  const why = answer.outcome === "not_valid" ? `not valid for this patient: ${answer.reason}` : answer.reason || `missing: ${missing}`;
  return (
    <li>
      <span>{titleOf(capability, answer)}</span>
      <small title={`Asked ${age(answer.at, at ?? clock.now())} ago`}>– {why}</small>
    </li>
  );
}

const sentence = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);
