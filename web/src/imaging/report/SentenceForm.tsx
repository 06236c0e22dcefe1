/** Writing one sentence: typed or dictated, its numbers taken from the measurements. Enter saves, Escape leaves it as it was. */

import { useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useRef, useState } from "react";
import { studyQuery } from "@/imaging/queries";
import { Dictate } from "@/imaging/report/Dictate";
import styles from "@/imaging/report/Report.module.css";
import type { Report } from "@/imaging/report/types";

interface Props {
  report: Report;
  patient: string;
  text: string;
  keys: readonly string[];
  /** Of the button that keeps it. */
  word: string;
  onSave: (text: string, keys: string[]) => Promise<boolean>;
  onCancel: () => void;
  onRemove?: (() => void) | undefined;
}

export function SentenceForm({ report, patient, text: before, keys: bound, word, onSave, onCancel, onRemove }: Props) {
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState(before);
  const [keys, setKeys] = useState<readonly string[]>(bound);
  const { data: study } = useQuery(studyQuery(report.study));
  const isLesion = (key: string): boolean => study?.lesions.some((each) => each.key === key) ?? false;
  const all = [...new Set(report.measurements.map(({ key }) => key))];
  const offered = report.measurements.filter(({ key }) => keys.includes(key));
  const insert = (what: string) => {
    const { selectionStart = text.length, selectionEnd = text.length } = field.current ?? {};
    setText(`${text.slice(0, selectionStart)}${what}${text.slice(selectionEnd)}`);
    field.current?.focus();
  };
  const keep = () => void (text.trim() !== "" && onSave(text.trim(), keys.filter(isLesion)));
  const pressed = (event: KeyboardEvent) => {
    if (event.key === "Escape") onCancel();
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    keep();
  };
  return (
    <div className={styles.writing}>
      <textarea
        ref={field}
        aria-label="Sentence"
        rows={3}
        value={text}
        autoFocus
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={pressed}
      />
      {/* A sentence is bound to lesions; of all else it takes the numbers alone. */}
      {[
        { says: "Speaks of", those: all.filter(isLesion) },
        { says: "Numbers of", those: all.filter((key) => !isLesion(key)) },
      ].map(({ says, those }) => (
        <div key={says} role="group" aria-label={says} className={styles.chips}>
          {those.map((key) => (
            <button
              key={key}
              type="button"
              className={styles.chip}
              aria-pressed={keys.includes(key)}
              onClick={() => setKeys(keys.includes(key) ? keys.filter((each) => each !== key) : [...keys, key])}
            >
              {key}
            </button>
          ))}
        </div>
      ))}
      {offered.length > 0 && (
        <div role="group" aria-label="Insert a measurement" className={styles.chips}>
          {offered.map(({ key, id, name, shown, placeholder }) => (
            <button key={`${key} ${id}`} type="button" className={styles.measure} onClick={() => insert(placeholder)}>
              {key} {name} {shown}
            </button>
          ))}
        </div>
      )}
      <div className={styles.buttons}>
        <Dictate patient={patient} onText={(said) => insert(said)} />
        <span />
        {onRemove && (
          <button type="button" className="button" onClick={onRemove}>
            Remove
          </button>
        )}
        <button type="button" className="button" onClick={onCancel}>
          Cancel
        </button>
        <button type="button" className="button main" disabled={text.trim() === ""} onClick={keep}>
          {word}
        </button>
      </div>
    </div>
  );
}
