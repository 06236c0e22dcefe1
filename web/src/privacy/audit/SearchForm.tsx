/** What to look for. Nothing is asked while somebody types: each search is recorded with their name. */

import { useQuery } from "@tanstack/react-query";
import type { FormEvent } from "react";
import styles from "@/privacy/audit/Audit.module.css";
import { actionsQuery, type Search } from "@/privacy/audit/queries";
import { capital } from "@/system/words";

interface Props {
  asked: Search;
  /** Of people in what is shown: offered while somebody types one. */
  names: readonly string[];
  onAsk: (search: Partial<Search>) => void;
}

const KINDS = [
  ["", "Of every kind"],
  ["sign-in", "Failed sign-ins"],
  ["lockout", "Lock-outs"],
  ["refusal", "Refusals"],
  ["emergency", "Emergencies"],
  ["replay", "Replayed sign-ins"],
  ["stranger", "Without a sign-in"],
  ["limit", "Limits met"],
  ["app", "Refused apps"],
] as const;

export function SearchForm({ asked, names, onAsk }: Props) {
  const { data } = useQuery(actionsQuery);

  function search(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const entered = new FormData(event.currentTarget);
    const [who = "", about = "", action = "", outcome = "", kind = ""] = ["who", "about", "action", "outcome", "kind"].map((field) =>
      String(entered.get(field) ?? "").trim(),
    );
    const [since = "", until = ""] = ["since", "until"].map((field) => moment(String(entered.get(field) ?? "")));
    onAsk({ who, about, action, outcome, kind, since, until });
  }

  return (
    <form className={styles.search} role="search" aria-label="Search the audit trail" onSubmit={search}>
      <p className={styles.which} role="group" aria-label="Which entries">
        <button type="button" className="button" aria-pressed={!asked.alarms} onClick={() => onAsk({ alarms: false })}>
          Everything
        </button>
        <button
          type="button"
          className="button"
          aria-pressed={asked.alarms}
          onClick={() => onAsk({ alarms: true, outcome: "", action: "" })}
        >
          Needs somebody
        </button>
      </p>
      <Field label="Who">
        <input name="who" type="search" placeholder="Name or sign-in name" autoComplete="off" list="audit-names" />
      </Field>
      <Field label="Patient">
        <input name="about" type="search" placeholder="Number or record" autoComplete="off" />
      </Field>
      {asked.alarms ? (
        <Field label="Kind">
          <select name="kind" defaultValue={asked.kind}>
            {KINDS.map(([key, words]) => (
              <option key={key} value={key}>
                {words}
              </option>
            ))}
          </select>
        </Field>
      ) : (
        <>
          <Field label="Action">
            <input name="action" type="search" placeholder="Any" autoComplete="off" list="audit-actions" />
          </Field>
          <Field label="Outcome">
            <select name="outcome" defaultValue={asked.outcome}>
              <option value="">Any</option>
              <option value="success">Done</option>
              <option value="refused">Refused</option>
              <option value="failed">Failed</option>
            </select>
          </Field>
        </>
      )}
      <Field label="From">
        <input name="since" type="datetime-local" />
      </Field>
      <Field label="Until">
        <input name="until" type="datetime-local" />
      </Field>
      <button type="submit" className="button main">
        Search
      </button>
      <p className="fine">Searching is recorded too, with your name.</p>
      <datalist id="audit-names">
        {names.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <datalist id="audit-actions">
        {data?.actions.map((action) => (
          <option key={action} value={action}>
            {capital(action)}
          </option>
        ))}
      </datalist>
    </form>
  );
}

function Field({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <label>
      <span>{label}</span>
      {children}
    </label>
  );
}

/** What the browser's own clock means by it, with its offset; empty where nothing was entered. */
function moment(entered: string): string {
  const at = new Date(entered);
  return Number.isNaN(at.getTime()) ? "" : at.toISOString();
}
