/** What was looked at before somebody may be erased, and the law that binds where something stands in the way. */

import styles from "@/privacy/retention/Retention.module.css";
import type { Check } from "@/privacy/retention/queries";

export function Checks({ checks }: { checks: readonly Check[] }) {
  return (
    <ul className={styles.checks} aria-label="What was checked">
      {checks.map((check) => (
        <li key={check.name} data-passed={check.passed}>
          <span aria-hidden="true">{check.passed ? "✓" : "✕"}</span>
          <p>
            <span className="spoken">{check.passed ? "Passed: " : "In the way: "}</span>
            {capital(check.sentence)}
            {check.basis && <small> {check.basis}</small>}
          </p>
        </li>
      ))}
    </ul>
  );
}

export function capital(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}
