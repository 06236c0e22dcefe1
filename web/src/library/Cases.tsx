/** The reference cases: what was given, what must come out, and whether it did on this machine. */

import { answerLabels } from "@/library/chart";
import type { Case, Json, WholeCapability } from "@/library/types";
import styles from "@/library/Tables.module.css";
import { casesWords, named, valueWords } from "@/library/words";

interface Props {
  capability: WholeCapability;
  onTry: (name: string) => void;
}

export function Cases({ capability, onTry }: Props) {
  return (
    <section className={`panel ${styles.panel}`} aria-label="Reference cases">
      <h2>
        Reference cases{" "}
        <small>
          {casesWords(capability)} passed on this machine when it {capability.about === "study" ? "was asked" : "started"};{" "}
          <code>wardline verify</code> runs them again
        </small>
      </h2>
      <table className={styles.cases}>
        <thead>
          <tr>
            <th scope="col">Case</th>
            <th scope="col">Given</th>
            <th scope="col">Expected</th>
            <th scope="col">Here</th>
            <td />
          </tr>
        </thead>
        <tbody>
          {capability.cases.map((each) => (
            <tr key={each.name} data-failed={!each.passed || undefined}>
              <th scope="row">
                {each.name}
                {each.source && <small>{each.source}</small>}
              </th>
              <td className={styles.given}>
                <Given given={each.given} capability={capability} />
              </td>
              <td data-says="Expected">{expected(each)}</td>
              <td className={styles.passed}>{each.passed ? <>✓ passed</> : <b>✕ {each.difference}</b>}</td>
              <td>
                <button type="button" className="link" onClick={() => onTry(each.name)}>
                  Try<span className="spoken"> {each.name}</span>
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Given({ given, capability }: { given: Record<string, Json>; capability: WholeCapability }) {
  const entries = Object.entries(given);
  if (entries.length === 0) return <>– nothing</>;
  return (
    <>
      {entries.map(([name, value]) => (
        <span key={name}>
          {named(capability, name)} <b>{answerLabels(capability, name).get(String(value)) ?? valueWords(value)}</b>
        </span>
      ))}
    </>
  );
}

/** "7, high" or "at least 2", as the case file says it. */
function expected({ expect }: Case): string {
  const { outcome, value, severity, missing } = expect;
  const number = value === undefined ? "" : valueWords(value);
  const words: (string | false)[] = [
    outcome === "at_least"
      ? `at least ${number}`
      : outcome === "finding" || outcome === undefined
        ? number
        : (OUTCOMES[String(outcome)] ?? String(outcome)),
    typeof severity === "string" && (severity !== "none" ? severity : value === undefined && "no alarm"),
    Array.isArray(missing) && missing.length > 0 && `missing ${missing.map((each) => valueWords(each)).join(", ")}`,
  ];
  return words.filter(Boolean).join(", ") || (typeof expect["summary"] === "string" ? expect["summary"] : "an answer");
}

const OUTCOMES: Record<string, string> = {
  unknown: "cannot be answered",
  not_valid: "not valid for this patient",
  refused: "refused",
  several: "several answers",
};
