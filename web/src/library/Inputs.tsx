/** What it needs: each input with its unit, for how long a value counts, which numbers are believed, and the codes it is read from. */

import type { Input, WholeCapability } from "@/library/types";
import styles from "@/library/Tables.module.css";
import { labelOf, lasts, valueWords } from "@/library/words";
import { unitShown } from "@/patient/values";

export function Inputs({ capability: { inputs, additive } }: { capability: WholeCapability }) {
  return (
    <section className={`panel ${styles.panel}`} aria-label="Inputs">
      <h2>
        Inputs <small>a value counts for a time, then it is missing</small>
      </h2>
      <table>
        <thead>
          <tr>
            <th scope="col">Input</th>
            <th scope="col">Unit</th>
            <th scope="col">Counts for</th>
            <th scope="col">Believed</th>
            <th scope="col">LOINC</th>
            <th scope="col">Without it</th>
          </tr>
        </thead>
        <tbody>
          {inputs.map((input) => (
            <tr key={input.name}>
              <th scope="row">
                {labelOf(input)}
                <small>{input.name}</small>
              </th>
              <td data-says="Unit">{unitShown(input.unit) || "–"}</td>
              <td data-says="Counts for">{input.within_hours === null ? (SOURCES[input.kind] ?? "–") : lasts(input.within_hours)}</td>
              <td data-says="Believed">{believed(input)}</td>
              <td data-says="LOINC" className={styles.codes}>
                <Codes codes={input.loinc} />
              </td>
              <td data-says="Without it">{without(input, additive)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** Results of any kind are read from more codes than anybody wants to see at once. */
const MOST_CODES = 12;

function Codes({ codes }: { codes: readonly string[] }) {
  if (codes.length === 0) return <>–</>;
  return (
    <>
      {codes.slice(0, MOST_CODES).map((code) => (
        <span key={code}>{code} </span>
      ))}
      {codes.length > MOST_CODES && `and ${codes.length - MOST_CODES} more`}
    </>
  );
}

/** Where an input comes from that no message brings. */
const SOURCES: Partial<Record<Input["kind"], string>> = {
  site: "decided by the hospital",
  given: "only when asked with it",
  age: "from the record",
  sex: "from the record",
  finding: "another answer",
  has: "while on the problem list",
  conditions: "from the record",
  medications: "while ordered",
  allergies: "from the record",
  vaccinations: "from the record",
  resources: "from the record",
  volume: "from the images",
  stacks: "from the images",
  earlier: "from the study before",
};

function believed({ plausible, answers, type }: Input): string {
  if (plausible) return `${plausible[0]} to ${plausible[1]}`;
  if (answers) return answers.join(", ");
  return type === "boolean" ? "yes, no" : "–";
}

function without(input: Input, additive: boolean): string {
  if (input.required) return additive ? "“at least”" : "no answer";
  return input.default === null ? "does without" : `takes ${valueWords(input.default)}`;
}
