/** The answer to a question that was only tried: the same words and reasons as on a ward, kept nowhere. */

import { SeverityMark } from "@/design/SeverityMark";
import styles from "@/library/TryIt.module.css";
import type { Assessed, AssessedReason, WholeCapability } from "@/library/types";
import { named, sentence, valueWords } from "@/library/words";
import why from "@/patient/Why.module.css";

interface Props {
  answer: Assessed;
  capability: WholeCapability;
}

const each = (answer: Assessed): Assessed[] => (answer.outcome === "several" ? (answer.answers ?? []) : [answer]);

/** What it comes to, in the words of a ward. */
export function AssessedAnswer({ answer, capability }: Props) {
  return each(answer).map((one, place) => (
    <article key={one.key ?? place} className={styles.answer} data-outcome={one.outcome}>
      <Head answer={one} capability={capability} />
    </article>
  ));
}

/** Why: the inputs with their bands and points, what is suggested, and what was not checked. */
export function AssessedReasons({ answer, capability }: Props) {
  return each(answer).map((one, place) => (
    <div key={one.key ?? place} className={styles.reasons}>
      {(one.because ?? []).length > 0 && <Reasons answer={one} capability={capability} />}
      {(one.suggestions ?? []).map(({ text }) => (
        <p key={text}>Suggested: {text}</p>
      ))}
      {one.population && <p>Population {one.population}: age or pregnancy was not given.</p>}
    </div>
  ));
}

function Head({ answer, capability }: Props) {
  const missing = (answer.missing ?? []).map((name) => named(capability, name).toLowerCase()).join(", ");
  switch (answer.outcome) {
    case "refused":
      return (
        <>
          <h3>Refused</h3>
          <p>{sentence(answer.reason ?? "")}.</p>
        </>
      );
    case "not_valid":
      return (
        <>
          <h3>Not valid for this patient</h3>
          <p>{sentence(answer.reason ?? "")}.</p>
        </>
      );
    case "unknown":
      return (
        <>
          <h3>– cannot be answered</h3>
          <p>{[answer.reason && `${sentence(answer.reason)}.`, missing && `Missing: ${missing}.`].filter(Boolean).join(" ")}</p>
        </>
      );
    default:
      return (
        <>
          <h3>
            {valueShown(answer)}
            {answer.severity && answer.severity !== "none" && <SeverityMark severity={answer.severity} word={sentence(answer.severity)} />}
          </h3>
          <p>{answer.summary}</p>
          {answer.at_most !== undefined && <p>With everything known, {answer.at_most} at most.</p>}
        </>
      );
  }
}

function valueShown({ outcome, value, unit }: Assessed): string {
  const words = typeof value === "object" ? "" : valueWords(value, unit);
  return outcome === "at_least" ? `≥ ${words}` : words;
}

function Reasons({ answer, capability }: Props) {
  const reasons = answer.because ?? [];
  const scored = reasons.some((each) => each.points !== undefined);
  return (
    <table className={why.inputs}>
      <thead>
        <tr>
          <th scope="col">Because</th>
          <th scope="col">Value</th>
          <th scope="col" className={why.band}>
            Band
          </th>
          {scored && <th scope="col">Points</th>}
        </tr>
      </thead>
      <tbody>
        {reasons.map((each, place) => (
          <ReasonRow
            key={`${each.input} ${place}`}
            reason={each}
            label={named(capability, each.input)}
            unit={unitOf(capability, each.input)}
            scored={scored}
          />
        ))}
      </tbody>
    </table>
  );
}

const unitOf = (capability: WholeCapability, name: string): string => capability.inputs.find((each) => each.name === name)?.unit ?? "";

function ReasonRow({ reason, label, unit, scored }: { reason: AssessedReason; label: string; unit: string; scored: boolean }) {
  const isNumber = typeof reason.value === "number";
  return (
    <tr>
      <th scope="row">{label}</th>
      <td>
        <b>{isNumber ? valueWords(reason.value, unit) : reason.band || valueWords(reason.value)}</b>
      </td>
      <td className={why.band}>{isNumber && reason.band}</td>
      {scored && <td className={why.points}>{reason.points ? <i>{reason.points}</i> : <span>{reason.points ?? "–"}</span>}</td>}
    </tr>
  );
}
