/** What the replay comes to, in one sentence, and the next step: the one dark button. */

import { save } from "@/patient/export/save";
import { replayCsv } from "@/policy/csv";
import { type Draft, isToday } from "@/policy/draft";
import styles from "@/policy/Policy.module.css";
import { REACHES } from "@/policy/reach";
import { maySign } from "@/policy/signing";
import type { Policy, Simulated } from "@/policy/types";
import { headline } from "@/policy/words";
import { usePerson } from "@/shell/person";

interface Props {
  policy: Policy;
  draft: Draft;
  result: Simulated | undefined;
  /** The result is that of the draft as it is. */
  fresh: boolean;
  running: boolean;
  unreadable: boolean;
  reach: string;
  onReach: (hours: string) => void;
  onReplay: () => void;
  onSend: () => void;
}

export function Head({ policy, draft, result, fresh, running, unreadable, reach, onReach, onReplay, onSend }: Props) {
  const allowed = maySign(usePerson().roles);
  const drafted = !isToday(draft);
  return (
    <header className={`page-head ${styles.header}`}>
      <div>
        <h1 data-outdated={(result && !fresh) || undefined}>{result ? headline(result) : "Alert policy"}</h1>
        <p className="fine">
          {policy.title}.{" "}
          {drafted ? `Draft, compared with policy ${policy.version}, which is in force.` : `Policy ${policy.version} is in force.`}
          {!allowed && " Doctors and managers send drafts for approval."}
        </p>
      </div>
      <div className={styles.acts}>
        <select aria-label="How much of the past" className="button" value={reach} onChange={(event) => onReach(event.target.value)}>
          {REACHES.map(([hours, words]) => (
            <option key={words} value={hours}>
              {words}
            </option>
          ))}
        </select>
        {result && (
          <button
            type="button"
            className="button"
            onClick={() => save("alert-policy.csv", new Blob([replayCsv(result)], { type: "text/csv" }))}
          >
            Export CSV
          </button>
        )}
        <button type="button" className={fresh ? "button" : "button main"} onClick={onReplay} disabled={running}>
          Replay the past
        </button>
        <button
          type="button"
          className={fresh && drafted ? "button main" : "button"}
          disabled={!allowed || !drafted || unreadable}
          onClick={onSend}
        >
          Send for approval
        </button>
      </div>
    </header>
  );
}
