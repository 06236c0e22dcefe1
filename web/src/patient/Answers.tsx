/** The answers beside the timeline: the headline score with its reasons open, the others in one line each, what could not be answered last. */

import { useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { capabilityQuery } from "@/api/queries";
import type { Answer, Severity } from "@/api/types";
import { SeverityMark } from "@/design/SeverityMark";
import styles from "@/patient/Answers.module.css";
import { Changed } from "@/patient/Changed";
import { useGlow } from "@/patient/glow";
import type { TimelineAnswer, WholePatient } from "@/patient/types";
import { severityWord, titleOf, valueShown, WhyBody } from "@/patient/Why";
import { clock } from "@/time/clock";
import { age, moment } from "@/time/words";

interface Props {
  patient: WholePatient;
  timeline: TimelineAnswer | undefined;
  /** The past moment that is shown; undefined: now. */
  at: number | undefined;
}

export function Answers({ patient, timeline, at }: Props) {
  const answered = patient.answers.filter(isAnswered);
  const head = patient.answers.find((each) => each.capability === patient.headline && each.outcome !== "unknown");
  const others = answered.filter((each) => each !== head).sort((a, b) => RANK[b.severity] - RANK[a.severity]);
  const open = patient.answers.filter((each) => !isAnswered(each) && each !== head);
  const lastMeasured = (concept: string) => timeline?.measured.find((series) => series.name === concept)?.last?.at;
  const shared = { at, lastMeasured, timeline, patient: patient.id };
  if (patient.answers.length === 0) {
    return <section className="panel" aria-label="Answers"><h2 className={styles.head}>No answer yet</h2><p className={styles.none}>Scores appear with the first vital signs or results that arrive for this patient.</p></section>;
  }
  return (
    <>
      {head && <section className="panel" aria-label="Headline score"><OneAnswer key={head.capability} answer={head} opened {...shared} /></section>}
      {others.length > 0 && (
        <section className="panel" aria-label="Other answers">
          <h2 className={styles.head}>Other answers <small>{at === undefined ? "" : `as known at ${moment(at, at)}`}</small></h2>
          {others.map((each) => <OneAnswer key={`${each.capability} ${each.key}`} answer={each} {...shared} />)}
        </section>
      )}
      {open.length > 0 && <NotAnswered answers={open} at={at} />}
    </>
  );
}

const RANK: Record<Severity, number> = { none: 0, low: 1, medium: 2, high: 3 };
const isAnswered = (each: Answer): boolean => each.outcome === "finding" || each.outcome === "at_least";

interface OneProps {
  answer: Answer;
  opened?: boolean;
  at: number | undefined;
  patient: string;
  timeline: TimelineAnswer | undefined;
  lastMeasured: (concept: string) => string | undefined;
}

function OneAnswer({ answer, opened = false, at, patient, timeline, lastMeasured }: OneProps) {
  const capability = useQuery(capabilityQuery(answer.capability)).data;
  const [open, setOpen] = useState(opened);
  const body = useId();
  const title = titleOf(capability, answer);
  const glow = useGlow(at === undefined ? `${answer.value} ${answer.outcome}` : undefined);
  const scores = timeline?.scores.find((each) => each.capability === answer.capability && each.key === answer.key);
  return (
    <article className={styles.answer} data-glow={glow || undefined}>
      <header>
        <h3>{title} {answer.severity === "none" && <b>{valueShown(answer)}</b>}</h3>
        {answer.severity !== "none" && <SeverityMark severity={answer.severity} seen word={`${valueShown(answer)}, ${severityWord(answer).toLowerCase()}`} />}
        <p>{opened ? trend(scores?.points, at ?? clock.now()) : summary(answer)}{answer.stale && " Out of date."}</p>
        <button type="button" className="link" aria-expanded={open} aria-controls={body} onClick={() => setOpen(!open)}>
          Why<span className="spoken"> {title}</span> <span aria-hidden="true">{open ? "▴" : "▾"}</span>
        </button>
      </header>
      <div id={body} hidden={!open}>
        {open && (
          <WhyBody answer={answer} at={at} lastMeasured={lastMeasured}>
            {opened && scores && <Changed patient={patient} answer={answer} scores={scores.points} />}
          </WhyBody>
        )}
      </div>
    </article>
  );
}

/** The summary without the name and the value that stand before it. */
function summary(answer: Answer): string {
  if (answer.outcome === "at_least") return `At least: ${answer.missing.map((name) => name.replaceAll("_", " ")).join(", ")} missing`;
  return answer.reason || answer.summary;
}

/** "up from 2 at 02:05" */
function trend(points: readonly { at: string; value: unknown }[] | undefined, now: number): string {
  const last = points?.at(-1);
  if (!points || !last || typeof last.value !== "number") return "";
  const before = points.findLastIndex((each) => each.value !== last.value && typeof each.value === "number");
  const was = points[before];
  const since = points[before + 1];
  if (!was || !since) return "the same in this window";
  return `${Number(was.value) < last.value ? "up" : "down"} from ${was.value} at ${moment(since.at, now)}`;
}

/** Questions that cannot be answered now, each with what is missing. */
function NotAnswered({ answers, at }: { answers: readonly Answer[]; at: number | undefined }) {
  return (
    <section className="panel" aria-label="Not answered">
      <h2 className={styles.head}>Not answered <small>{answers.length}</small></h2>
      <ul className={styles.list}>{answers.map((each) => <NotAnsweredLine key={`${each.capability} ${each.key}`} answer={each} at={at} />)}</ul>
    </section>
  );
}

function NotAnsweredLine({ answer, at }: { answer: Answer; at: number | undefined }) {
  const capability = useQuery(capabilityQuery(answer.capability)).data;
  const missing = answer.missing.map((name) => name.replaceAll("_", " ")).join(", ");
  const why = answer.outcome === "not_valid" ? `not valid for this patient: ${answer.reason}` : answer.reason || `missing: ${missing}`;
  return <li><span>{titleOf(capability, answer)}</span><small title={`Asked ${age(answer.at, at ?? clock.now())} ago`}>– {why}</small></li>;
}
