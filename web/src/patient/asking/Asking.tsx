/** One question asked about this patient: the answer, and every input with who says so. What is typed goes before the record. */

import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { Problem } from "@/design/Problem";
import { Skeleton } from "@/design/Skeleton";
import { AssessedAnswer, AssessedReasons } from "@/library/Assessed";
import { answerLabels } from "@/library/chart";
import { Field } from "@/library/Field";
import { wholeCapabilityQuery } from "@/library/queries";
import { fieldsOf, questionFrom, type Typed } from "@/library/question";
import fields from "@/library/TryIt.module.css";
import type { Input, WholeCapability } from "@/library/types";
import { sentence, shortTitle, valueWords } from "@/library/words";
import { usePatientSearch } from "@/patient/asOf";
import styles from "@/patient/asking/Ask.module.css";
import { askedQuery } from "@/patient/asking/queries";
import type { Asked, AskedInput, WaitingQuestion } from "@/patient/asking/types";
import type { WholePatient } from "@/patient/types";
import { moment } from "@/time/words";

const TYPING_MS = 250;

interface Props {
  patient: WholePatient;
  question: WaitingQuestion;
  onBack?: () => void;
}

export function Asking({ patient, question, onBack }: Props) {
  const { data, error, refetch } = useQuery(wholeCapabilityQuery(question.id));
  return (
    <section className={`panel ${styles.asking}`} aria-label={shortTitle(question.title)}>
      <header>
        {onBack && (
          <button type="button" className="button" onClick={onBack}>
            All questions
          </button>
        )}
        <h2>{shortTitle(question.title)}</h2>
        <p>{sentence(question.question)}</p>
        <p className={styles.grounds}>
          {data && `${data.reference}. `}
          {question.standing === "provisional" ? "Provisional: waits for this hospital’s clinicians. " : "Verified. "}
          <Link to="/library/$id" params={{ id: question.id }}>
            Table and cases
          </Link>
        </p>
      </header>
      {error && !data && <Problem error={error} again={() => void refetch()} />}
      {data ? <Form patient={patient} capability={data} /> : !error && <Skeleton width="60%" />}
    </section>
  );
}

function Form({ patient, capability }: { patient: WholePatient; capability: WholeCapability }) {
  const { search } = usePatientSearch();
  const [typed, setTyped] = useState<Typed>({});
  const given = useMemo(() => questionFrom(fieldsOf(capability), typed), [capability, typed]);
  const [said] = useDebouncedValue(given, TYPING_MS);
  const { data, error } = useQuery(askedQuery(patient.id, capability.id, said, search.as_of));
  const origins = new Map(data?.inputs.map((each) => [each.name, each]));
  return (
    <>
      <div className={styles.answer} role="status" aria-label="Answer">
        {error ? <p>{error.message}</p> : data ? <AssessedAnswer answer={data.answer} capability={capability} /> : <Skeleton width="40%" />}
      </div>
      <div className={styles.body}>
        <form className={`${fields.panel} ${styles.fields}`} onSubmit={(event) => event.preventDefault()} aria-label="What goes into it">
          {capability.inputs
            .filter((each) => each.kind !== "site")
            .map((input) => (
              <div key={input.name} className={styles.input}>
                <Field
                  input={input}
                  answers={answerLabels(capability, input.name)}
                  value={typed[input.name] ?? ""}
                  onChange={(value) => setTyped({ ...typed, [input.name]: value })}
                />
                <Origin input={input} asked={origins.get(input.name)} data={data} />
              </div>
            ))}
        </form>
        <div className={styles.why}>
          {data && !error && <AssessedReasons answer={data.answer} capability={capability} />}
          {capability.caution && <p className={styles.grounds}>{capability.caution}</p>}
          <p className={styles.grounds}>Nothing asked here is kept in the record, and nobody is alerted.</p>
        </div>
      </div>
    </>
  );
}

/** Who says so: the record with its time, whoever is typing, or nobody. */
function Origin({ input, asked, data }: { input: Input; asked: AskedInput | undefined; data: Asked | undefined }) {
  if (!data || !asked) return null;
  if (asked.origin === "given") return <small className={styles.origin}>as typed</small>;
  if (asked.origin === "none")
    return <small className={styles.origin}>{input.required ? "– not in the record: say it" : "– not in the record"}</small>;
  const when = asked.at ? `, ${moment(asked.at, Date.parse(data.as_of))}` : "";
  return (
    <small className={styles.origin}>
      Record: <b>{recorded(asked.value, input.unit)}</b>
      {when}
    </small>
  );
}

/** A list of drugs or diagnoses is said by its names. */
function recorded(value: AskedInput["value"], unit: string): string {
  if (
    Array.isArray(value) &&
    value.every((each) => typeof each === "object" && each !== null && !Array.isArray(each) && !("value" in each))
  )
    return value
      .map((each) =>
        String(
          (each as Record<string, unknown>)["what"] ??
            (each as Record<string, unknown>)["text"] ??
            (each as Record<string, unknown>)["code"] ??
            "",
        ),
      )
      .join(", ");
  return valueWords(value, unit);
}
