/** "Why was this refused?": somebody, what they want, a patient; and the decision with the policies and facts it was made from. */

import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useEffect, useRef } from "react";
import { Problem } from "@/design/Problem";
import styles from "@/privacy/policies/AccessPolicies.module.css";
import { PolicyText } from "@/privacy/policies/PolicyText";
import { type AccessPolicies, type Asked, type Explained, explainQuery } from "@/privacy/policies/queries";
import system from "@/system/System.module.css";
import { capital } from "@/system/words";

const ROLES = [
  "nurse",
  "doctor",
  "radiologist",
  "pharmacist",
  "manager",
  "researcher",
  "engineer",
  "auditor",
  "privacy",
  "admin",
  "patient",
];
const FIELDS = ["person", "role", "unit", "action", "patient"] as const;

interface Props {
  actions: AccessPolicies["actions"];
  asked: Asked | null;
  onAsk: (asked: Asked) => void;
}

export function Explorer({ actions, asked, onAsk }: Props) {
  const form = useRef<HTMLFormElement>(null);
  const { data, error, isFetching } = useQuery(explainQuery(asked));
  // A refusal below fills the form, so that what is asked can be seen and changed.
  useEffect(() => {
    for (const field of FIELDS) {
      const input = form.current?.elements.namedItem(field);
      if (asked && (input instanceof HTMLInputElement || input instanceof HTMLSelectElement)) input.value = asked[field];
    }
  }, [asked]);

  function ask(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const entered = new FormData(event.currentTarget);
    const [person = "", role = "", unit = "", action = "", patient = ""] = FIELDS.map((field) => String(entered.get(field)).trim());
    onAsk({ person, role: person ? "" : role, unit: person ? "" : unit, action, patient });
  }

  return (
    <section className="panel" aria-label="Why?" aria-busy={isFetching}>
      <h2 className={system.head}>Why may somebody do this, or not?</h2>
      <form ref={form} className={styles.form} onSubmit={ask}>
        <label>
          <span>Person</span>
          <input name="person" type="search" placeholder="Sign-in name" autoComplete="off" />
        </label>
        <label>
          <span>or role</span>
          <select name="role" defaultValue="nurse">
            <option value="">– the person's</option>
            {ROLES.map((each) => (
              <option key={each} value={each}>
                {capital(each)}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span>of unit</span>
          <input name="unit" type="search" placeholder="Whole house" autoComplete="off" />
        </label>
        <label className={styles.wide}>
          <span>wants to</span>
          <select name="action" defaultValue="patient.chart">
            {actions.map((each) => (
              <option key={each.name} value={each.name}>
                {each.words}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span>Patient</span>
          <input name="patient" type="search" placeholder="Number or record" autoComplete="off" />
        </label>
        <button type="submit" className="button main">
          Explain
        </button>
      </form>
      {error && <Problem error={error} />}
      {data && !error && <Answer answer={data} words={actions.find((each) => each.name === data.action)?.words ?? data.action} />}
    </section>
  );
}

function Answer({ answer, words }: { answer: Explained; words: string }) {
  return (
    <div className={styles.answer} role="status">
      <p className={styles.decision}>
        <b>{answer.allowed ? "Allowed." : "Refused."}</b> {answer.who} {answer.allowed ? "may" : "may not"} {words} at this moment.
      </p>
      {answer.reason && <p>They are told: “{answer.reason}”.</p>}
      <div className={styles.columns}>
        <div>
          <h3>From these facts</h3>
          <ul>
            {answer.facts.map((each) => (
              <li key={each}>{each}</li>
            ))}
          </ul>
        </div>
        <div>
          <h3>By these policies</h3>
          {answer.policies.length === 0 && <p>None permits it, and what none permits is refused.</p>}
          {answer.policies.map((each) => (
            <PolicyText key={each.id} policy={each} />
          ))}
        </div>
      </div>
    </div>
  );
}
