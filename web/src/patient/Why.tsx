/** Why this answer: each input with its age, value, band and points, what is missing, and what the rule stands on. */

import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { capabilityQuery } from "@/api/queries";
import type { Answer, Capability, Reason } from "@/api/types";
import { Age } from "@/design/Age";
import { useNarrow } from "@/design/media";
import { SeverityMark } from "@/design/SeverityMark";
import { unitShown } from "@/patient/values";
import styles from "@/patient/Why.module.css";
import { clock } from "@/time/clock";
import { age, moment } from "@/time/words";

interface Props {
  answer: Answer;
  /** Without its heading, where the alert above says the same. */
  bare?: boolean;
  /** The moment the page shows, from which ages are counted; left out: now. */
  at?: number | undefined;
  /** When an input that is missing now was last measured, as far as the page knows. */
  lastMeasured?: ((concept: string) => string | undefined) | undefined;
  /** What is said below the reference: what has changed. */
  children?: ReactNode;
}

export function Why({ answer, bare = false, at, lastMeasured, children }: Props) {
  const capability = useQuery(capabilityQuery(answer.capability)).data;
  return (
    <section className={styles.panel} aria-label={`Why ${titleOf(capability, answer)}`}>
      {!bare && <Head answer={answer} title={titleOf(capability, answer)} />}
      <WhyBody answer={answer} at={at} lastMeasured={lastMeasured}>
        {children}
      </WhyBody>
    </section>
  );
}

export function WhyBody({ answer, at, lastMeasured, children }: Omit<Props, "bare">) {
  const capability = useQuery(capabilityQuery(answer.capability)).data;
  return (
    <>
      <Inputs answer={answer} capability={capability} at={at} lastMeasured={lastMeasured} />
      <p className={styles.source}>
        {children}
        Computed for {moment(answer.at, at ?? clock.now())}
        {sources(answer)}.{answer.revised && " Revised after a correction."}{" "}
        {capability ? `${capability.reference}, version ${answer.version}.` : `Version ${answer.version}.`}
        {answer.standing === "provisional" && <b> Provisional: not yet signed by this hospital's clinicians.</b>}
        {answer.population && ` Population ${answer.population}.`}
        {capability?.caution && ` ${capability.caution}`}
      </p>
    </>
  );
}

/** ", from monitors and charting" */
function sources(answer: Answer): string {
  const named = [...new Set(answer.because.map((each) => each.source).filter(Boolean))];
  return named.length ? ` from ${named.join(" and ")}` : "";
}

/** A title and what it came to: "NEWS2 [High] At least 7: temperature missing". */
function Head({ answer, title }: { answer: Answer; title: string }) {
  return (
    <h2 className={styles.head}>
      {title} <b>{valueShown(answer)}</b>
      {answer.severity !== "none" && <SeverityMark severity={answer.severity} word={severityWord(answer)} />}
      <small>{answer.outcome === "finding" && typeof answer.value === "number" ? "" : answer.reason || answer.summary}</small>
    </h2>
  );
}

export const severityWord = ({ severity }: Pick<Answer, "severity">): string => severity.charAt(0).toUpperCase() + severity.slice(1);

/** "NEWS2" of "NEWS2, the National Early Warning Score 2"; with the question's own key where it has one. */
export function titleOf(capability: Capability | undefined, answer: Pick<Answer, "capability" | "key">): string {
  const title = capability?.title.split(",")[0] ?? answer.capability.replaceAll("_", " ");
  return answer.key ? `${title}: ${answer.key.replaceAll("_", " ")}` : title;
}

export function valueShown(answer: Answer): string {
  if (typeof answer.value !== "number" && typeof answer.value !== "string") return answer.outcome === "unknown" ? "–" : "";
  const value = answer.unit === "{stage}" ? `stage ${answer.value}` : `${answer.value} ${unitShown(answer.unit)}`.trim();
  return answer.outcome === "at_least" ? `≥ ${value}` : value;
}

interface InputsProps {
  answer: Answer;
  capability: Capability | undefined;
  at: number | undefined;
  lastMeasured: Props["lastMeasured"];
}

function Inputs({ answer, capability, at, lastMeasured }: InputsProps) {
  const scored = answer.because.some((each) => each.points !== null);
  const input = (name: string) => capability?.inputs.find((each) => each.name === name || each.concepts.includes(name));
  const rest = (useNarrow() ? 1 : 2) + (scored ? 1 : 0);
  const label = (name: string) => sentence(input(name)?.label ?? name.replaceAll("_", " "));
  const since = (name: string) => (input(name)?.concepts ?? [name]).map((concept) => lastMeasured?.(concept)).find(Boolean);
  if (answer.because.length === 0 && answer.missing.length === 0) return null;
  return (
    <table className={styles.inputs}>
      <thead>
        <tr>
          <th scope="col">Input and age</th>
          <th scope="col">Value</th>
          <th scope="col" className={styles.band}>
            Band
          </th>
          {scored && <th scope="col">Points</th>}
        </tr>
      </thead>
      <tbody>
        {answer.because.map((each) => (
          <Input key={each.input} reason={each} label={label(each.input)} scored={scored} at={at} columns={rest} />
        ))}
        {answer.missing.map((name) => (
          <Missing key={name} label={label(name)} since={since(name)} at={at} columns={rest} />
        ))}
      </tbody>
      {scored && typeof answer.value === "number" && (
        <tfoot>
          <tr>
            <th scope="row" colSpan={2}>
              {answer.outcome === "at_least" ? "Total is at least" : `Total of ${answer.because.length} inputs`}
            </th>
            <td className={styles.band} />
            <td className={styles.points}>
              <b>{answer.value}</b>
            </td>
          </tr>
        </tfoot>
      )}
    </table>
  );
}

interface InputProps {
  reason: Reason;
  label: string;
  scored: boolean;
  at: number | undefined;
  /** Beside the name. */
  columns: number;
}

function Input({ reason, label, scored, at, columns }: InputProps) {
  const isNumber = typeof reason.value === "number";
  return (
    <tr>
      <th
        scope="row"
        title={reason.source && `From ${reason.source}${reason.received ? `, received as ${reason.received.replaceAll("^", " ")}` : ""}`}
      >
        {label} {reason.at && <small>{at === undefined ? <Age at={reason.at} /> : age(reason.at, at)}</small>}
      </th>
      {isNumber && (
        <td>
          <b>{shown(reason)}</b>
        </td>
      )}
      {isNumber && <td className={styles.band}>{reason.band}</td>}
      {!isNumber && (
        <td colSpan={columns - (scored ? 1 : 0)}>
          <b>{reason.band || shown(reason)}</b>
        </td>
      )}
      {scored && <td className={styles.points}>{reason.points ? <i>{reason.points}</i> : <span>{reason.points ?? "–"}</span>}</td>}
    </tr>
  );
}

function Missing({ label, since, at, columns }: { label: string; since: string | undefined; at: number | undefined; columns: number }) {
  return (
    <tr className={styles.missing}>
      <th scope="row">{label}</th>
      <td colSpan={columns}>{since ? `– not measured since ${moment(since, at ?? clock.now())}` : "– not measured"}</td>
    </tr>
  );
}

function shown({ value, unit, decimals }: Reason): string {
  if (value === null) return "–";
  if (typeof value === "boolean") return value ? "yes" : "no";
  const words = typeof value === "string" ? value.replaceAll("_", " ") : numberShown(value, decimals);
  return unit ? `${words} ${unitShown(unit)}`.trim() : words;
}

/** With the decimals of the chart; a number that was worked out has at most three. */
function numberShown(value: number, decimals: number | undefined): string {
  return (decimals === undefined ? String(Number(value.toFixed(3))) : value.toFixed(decimals)).replace("-", "−");
}

const sentence = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);
