/** Every finding that is asked about: what the record says, and what somebody states or supposes on top of it. */

import { type ReactNode, useId, useState } from "react";
import styles from "@/patient/differential/Differential.module.css";
import type { Answered, Presentation, PresentationQuestion, Supposed } from "@/patient/differential/types";
import { capital, KINDS } from "@/patient/differential/words";

interface Props {
  presentation: Presentation;
  answered: Answered[];
  supposed: Supposed;
  onAnswer: (question: string, said: string | undefined) => void;
}

export function Findings({ presentation, answered, supposed, onAnswer }: Props) {
  const recorded = new Map(answered.filter((each) => each.origin === "record").map((each) => [each.question, each.answer]));
  const asked = new Set(presentation.questions.map((each) => each.id));
  const groups = [
    ...KINDS.map(([kind, title]) => [title, presentation.questions.filter((each) => each.kind === kind)] as const),
    ["Asked for red flags", presentation.red_flags.filter((each) => !asked.has(each.id))] as const,
  ];
  return (
    <section className="panel" aria-label="Findings">
      <h2 className={styles.title}>
        Findings <small>state or suppose; the record is not changed</small>
      </h2>
      {groups.map(
        ([title, questions]) =>
          questions.length > 0 && (
            <Group key={title} title={title} count={questions.length} known={questions.some((each) => recorded.has(each.id))}>
              {questions.map((each) => (
                <Finding key={each.id} question={each} recorded={recorded.get(each.id)} said={supposed[each.id]} onAnswer={onAnswer} />
              ))}
            </Group>
          ),
      )}
    </section>
  );
}

interface GroupProps {
  title: string;
  count: number;
  /** Whether the record answers something in it: then it is open to begin with. */
  known: boolean;
  children: ReactNode;
}

function Group({ title, count, known, children }: GroupProps) {
  const [open, setOpen] = useState(known);
  return (
    <details className={styles.group} open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        {title} <small>{count}</small>
      </summary>
      {children}
    </details>
  );
}

interface FindingProps {
  question: PresentationQuestion;
  recorded: string | undefined;
  said: string | undefined;
  onAnswer: (question: string, said: string | undefined) => void;
}

function Finding({ question, recorded, said, onAnswer }: FindingProps) {
  const name = useId();
  const choices: [string | undefined, string][] = [
    ...question.answers.map((each): [string, string] => [each, capital(each)]),
    [undefined, recorded === undefined ? "Unknown" : "As recorded"],
  ];
  return (
    <fieldset className={styles.finding}>
      <legend>
        {question.words}
        {recorded !== undefined && <small>Record: {recorded}</small>}
      </legend>
      <span>
        {choices.map(([value, words]) => (
          <label key={words}>
            <input type="radio" name={name} checked={said === value} onChange={() => onAnswer(question.id, value)} />
            {words}
          </label>
        ))}
      </span>
    </fieldset>
  );
}
