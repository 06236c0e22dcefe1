/** What exactly somebody sends or signs: the numbers that move, and every line of the text that is not the same. */

import { useQuery } from "@tanstack/react-query";
import { sentence } from "@/library/words";
import { changedLines } from "@/policy/diff";
import { changesBetween } from "@/policy/draft";
import { checkQuery } from "@/policy/queries";
import styles from "@/policy/Proposals.module.css";
import type { Policy } from "@/policy/types";

export function Changes({ policy, text }: { policy: Policy; text: string }) {
  const checked = useQuery(checkQuery(policy.version, { text, changes: {} })).data;
  const changes = checked?.text === text ? changesBetween(policy.sliders, checked.sliders) : [];
  const lines = changedLines(policy.text, text);
  return (
    <div className={styles.changes}>
      <ul>
        {changes.map((each) => (
          <li key={each.label}>
            {sentence(each.label)}{" "}
            <b>
              {each.was} → {each.is}
            </b>
          </li>
        ))}
      </ul>
      <details>
        <summary>{lines.length === 0 ? "No line of the text is different" : `${lines.length} lines of the text`}</summary>
        <pre tabIndex={0} aria-label="Lines that are different">
          {lines.map((each) => `${each.sign} ${String(each.number).padStart(3)}  ${each.text}`).join("\n")}
        </pre>
      </details>
    </div>
  );
}
