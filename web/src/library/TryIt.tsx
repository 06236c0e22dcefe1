/** Ask it: values as typed, the answer with its reasons at once, and the same question to copy. Nothing is kept and nobody is alerted. */

import { AssessedAnswer, AssessedReasons } from "@/library/Assessed";
import { AsCommand } from "@/library/AsCommand";
import { answerLabels } from "@/library/chart";
import { Field } from "@/library/Field";
import { fieldsOf, type Typed } from "@/library/question";
import styles from "@/library/TryIt.module.css";
import type { Assessed, Question, WholeCapability } from "@/library/types";

interface Props {
  capability: WholeCapability;
  typed: Typed;
  onTyped: (typed: Typed) => void;
  /** Name of the case the fields were filled from, until they are changed. */
  filledFrom: string;
  onCase: (name: string) => void;
  question: Question;
  answer: Assessed | undefined;
  error: Error | null;
}

export function TryIt({ capability, typed, onTyped, filledFrom, onCase, question, answer, error }: Props) {
  return (
    <section className={`panel ${styles.panel}`} aria-label="Try it">
      <h2>
        Try it <small>nothing is kept, nobody is alerted</small>
      </h2>
      <div className={styles.answers} role="status" aria-label="Answer">
        {error ? (
          <p>{error.message} Nothing was asked; type on to try again.</p>
        ) : (
          answer && <AssessedAnswer answer={answer} capability={capability} />
        )}
      </div>
      <div className={styles.fill}>
        <select aria-label="Fill from a case" className="button" value={filledFrom} onChange={(event) => onCase(event.target.value)}>
          <option value="">Fill from a case</option>
          {capability.cases.map((each) => (
            <option key={each.name}>{each.name}</option>
          ))}
        </select>
        <button type="button" className="button" onClick={() => onTyped({})}>
          Clear
        </button>
      </div>
      <form className={styles.fields} onSubmit={(event) => event.preventDefault()} aria-label="Values">
        {fieldsOf(capability).map((input) => (
          <Field
            key={input.name}
            input={input}
            answers={answerLabels(capability, input.name)}
            value={typed[input.name] ?? ""}
            onChange={(value) => onTyped({ ...typed, [input.name]: value })}
          />
        ))}
      </form>
      {answer && !error && <AssessedReasons answer={answer} capability={capability} />}
      <AsCommand capability={capability.id} question={question} />
    </section>
  );
}
