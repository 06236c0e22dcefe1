/** What to ask or test next: the answer that would tell most stands first, with what each answer would make of the picture. */

import styles from "@/patient/differential/Differential.module.css";
import type { NextQuestion } from "@/patient/differential/types";
import { capital, outlookWords } from "@/patient/differential/words";

interface Props {
  questions: NextQuestion[];
  onAnswer: (question: string, said: string) => void;
}

export function NextQuestions({ questions, onAnswer }: Props) {
  if (questions.length === 0)
    return (
      <section className="panel" aria-label="Ask next">
        <h2 className={styles.title}>Ask next</h2>
        <p className={styles.enough}>Everything that is asked here has been answered.</p>
      </section>
    );
  const most = questions[0]?.bits ?? 0;
  return (
    <section className="panel" aria-label="Ask next">
      <h2 className={styles.title}>
        Ask next <small>what would change this most, first</small>
      </h2>
      <ol className={styles.next}>
        {questions.map((each) => (
          <li key={each.question}>
            <div>
              <b>{each.words}</b>
              <small>
                {capital(each.kind)}, tells {each.bits.toFixed(2)} bits
              </small>
            </div>
            <meter aria-label="How much the answer tells" min={0} max={most} value={each.bits} />
            <ul>
              {each.outlook.map((look) => (
                <li key={look.answer}>
                  <button
                    type="button"
                    className="button"
                    onClick={() => onAnswer(each.question, look.answer)}
                    aria-label={`${each.words}: ${look.answer}`}
                  >
                    {capital(look.answer)}
                  </button>
                  <span>{outlookWords(look)}</span>
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ol>
    </section>
  );
}
