/** Something did not work: what happened, what is safe, what to do. */

import { WrongPatient } from "@/api/belonging";
import { ApiProblem } from "@/api/problem";
import styles from "./States.module.css";

interface Props {
  error: unknown;
  /** What the person can rely on all the same. */
  safe?: string;
  again?: (() => void) | undefined;
}

export function Problem({ error, safe = "Nothing was changed and no message was lost.", again }: Props) {
  const said = problemOf(error);
  return (
    <section className={styles.state} role="alert">
      <h2>{said.title}</h2>
      <p>{said.message}</p>
      <p className={styles.safe}>{safe}</p>
      {advice(said) && <p>{advice(said)}</p>}
      {again && said.status !== 403 && (
        <button type="button" className="button" onClick={again}>
          Try again
        </button>
      )}
    </section>
  );
}

function problemOf(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  if (error instanceof WrongPatient)
    return new ApiProblem(0, "Not shown", "An answer came that is about another patient. It was thrown away.");
  return new ApiProblem(0, "This page stopped", "Something in this page did not work.");
}

function advice(problem: ApiProblem): string {
  // The server's own sentence says what to do.
  if (problem.status === 403 || problem.status === 409) return "";
  if (problem.status === 404) return "Go back, or search with the / key.";
  if (problem.isPassing)
    return "Try again in a moment. If it stays, tell the person on call for Wardline and use the printed downtime page.";
  return "Check what was entered, then try again.";
}
