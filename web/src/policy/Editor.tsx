/** The draft: its numbers as sliders, or its text; what speaks against it stands beside what it is about. */

import { useState } from "react";
import { sentence } from "@/library/words";
import { concerning, type Draft, isFirst, isToday, moved, TODAY } from "@/policy/draft";
import styles from "@/policy/Editor.module.css";
import { PolicyText } from "@/policy/PolicyText";
import { SliderRow } from "@/policy/SliderRow";
import type { Checked, Objection, Policy, Slider } from "@/policy/types";

interface Props {
  policy: Policy;
  draft: Draft;
  checked: Checked | undefined;
  /** Why the draft cannot be read. */
  refused: Error | null;
  onDraft: (draft: Draft) => void;
  onReplay: () => void;
}

export function Editor({ policy, draft, checked, refused, onDraft, onReplay }: Props) {
  const [form, setForm] = useState<"numbers" | "text">("numbers");
  const objections = checked?.objections ?? (isToday(draft) ? policy.objections : []);
  const count = Object.keys(draft.changes).length;
  return (
    <section className={`panel ${styles.panel}`} aria-label="Proposed policy">
      <h2>
        Proposed policy <small>{draft.text !== undefined ? "own text" : count === 0 ? "as today" : `${count} moved`}</small>
        {!isToday(draft) && (
          <button type="button" className="link" onClick={() => onDraft(TODAY)}>
            Reset to today
          </button>
        )}
      </h2>
      <div className={styles.forms} role="group" aria-label="Shown as">
        <button type="button" className="button" aria-pressed={form === "numbers"} onClick={() => setForm("numbers")}>
          Numbers
        </button>
        <button type="button" className="button" aria-pressed={form === "text"} onClick={() => setForm("text")}>
          Text
        </button>
      </div>
      {refused && <Refusal error={refused} />}
      {form === "text" ? (
        <>
          <Objections objections={objections} />
          <PolicyText policy={policy} draft={draft} checked={checked} onText={(text) => onDraft({ text, changes: {} })} />
        </>
      ) : (
        <Numbers policy={policy} draft={draft} checked={checked} objections={objections} onDraft={onDraft} onReplay={onReplay} />
      )}
      <p className={styles.note}>
        Tick: today. Ring: proposed. Nothing changes on a ward until {policy.signatures} people, doctors or managers, have signed.
      </p>
    </section>
  );
}

function Refusal({ error }: { error: Error }) {
  return (
    <p className={styles.refused} role="alert">
      <b>This draft cannot be read.</b> {error.message}
    </p>
  );
}

function Objections({ objections }: { objections: readonly Objection[] }) {
  if (objections.length === 0) return null;
  return (
    <ul className={styles.objections} aria-label="Objections">
      {objections.map((each) => (
        <li key={`${each.where} ${each.sentence}`}>
          <b>Must not be switched on.</b> {sentence(each.where)}: {each.sentence}.
        </li>
      ))}
    </ul>
  );
}

interface NumbersProps extends Omit<Props, "refused"> {
  objections: readonly Objection[];
}

function Numbers({ policy, draft, checked, objections, onDraft, onReplay }: NumbersProps) {
  const today = new Map(policy.sliders.map((each) => [each.path, each]));
  // A text may have rules of its own; its numbers are those the server read from it.
  const shown = (draft.text !== undefined && checked?.sliders) || policy.sliders;
  const spoken = new Set<Objection>();
  const row = (slider: Slider) => {
    // Said once, at the first number of the rule.
    const own = concerning(slider, objections).filter((each) => !spoken.has(each));
    own.forEach((each) => spoken.add(each));
    return (
      <SliderRow
        key={slider.path}
        slider={slider}
        today={today.get(slider.path)?.value}
        value={draft.changes[slider.path] ?? slider.value}
        onValue={(value) => onDraft(moved(draft, slider.path, value, draft.text === undefined ? slider.value : undefined))}
        onEnter={onReplay}
      >
        <Objections objections={own} />
      </SliderRow>
    );
  };
  const first = shown.filter(isFirst).map(row);
  const others = shown.filter((each) => !isFirst(each));
  const more = others.map(row);
  const elsewhere = objections.filter((each) => !spoken.has(each));
  const movedBelow = others.filter((each) => each.path in draft.changes).length;
  return (
    <>
      <Objections objections={elsewhere} />
      {first}
      {more.length > 0 && (
        <details className={styles.more}>
          <summary>
            More numbers, {more.length}
            {movedBelow > 0 && <b> {movedBelow} moved</b>}
          </summary>
          {more}
        </details>
      )}
    </>
  );
}
