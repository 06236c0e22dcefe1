/** One section of a report: its sentences, each with the lesions it speaks of; one of them open for writing. */

import { useState } from "react";
import styles from "@/imaging/report/Report.module.css";
import { spokenOf } from "@/imaging/report/saving";
import { SentenceForm } from "@/imaging/report/SentenceForm";
import type { Report, Section, Sentence } from "@/imaging/report/types";

interface Props {
  section: Section;
  report: Report;
  patient: string;
  lesion: string | undefined;
  onLesion: (key: string) => void;
  /** Undefined: it may not be changed. True once it is saved. */
  onSave: ((sentence: string | undefined, text: string, keys: string[]) => Promise<boolean>) | undefined;
  onRemove: (sentence: string) => void;
}

const NEW = "";

export function SectionPart({ section, report, patient, lesion, onLesion, onSave, onRemove }: Props) {
  /** Id of the sentence that is being written, NEW for another, undefined for none. */
  const [open, setOpen] = useState<string>();
  const form = (sentence: Sentence | undefined) => (
    <SentenceForm
      report={report}
      patient={patient}
      text={sentence?.text ?? ""}
      keys={sentence?.keys ?? (lesion ? [lesion] : [])}
      word="Save"
      onCancel={() => setOpen(undefined)}
      onRemove={sentence ? () => onRemove(sentence.id) : undefined}
      onSave={async (text, keys) => {
        const done = (await onSave?.(sentence?.id, text, keys)) ?? false;
        if (done) setOpen(undefined);
        return done;
      }}
    />
  );
  return (
    <section aria-label={section.title}>
      <h3>{section.title}</h3>
      {section.sentences.length === 0 && <p className={styles.none}>– {section.needed ? "nothing written yet" : "nothing"}</p>}
      {section.sentences.map((each) =>
        open === each.id ? (
          <div key={each.id}>{form(each)}</div>
        ) : (
          <div
            key={each.id}
            className={styles.sentence}
            data-chosen={(lesion !== undefined && spokenOf(each).includes(lesion)) || undefined}
          >
            <p>
              {each.shown}{" "}
              {spokenOf(each).map((key) => (
                <button key={key} type="button" className={styles.chip} aria-pressed={key === lesion} onClick={() => onLesion(key)}>
                  {key}
                </button>
              ))}
              {onSave && (
                <button type="button" className={`link ${styles.edit}`} aria-label={`Edit: ${each.shown}`} onClick={() => setOpen(each.id)}>
                  Edit
                </button>
              )}
            </p>
            {each.problems.map((problem) => (
              <p key={problem}>
                <b>{problem}</b>
              </p>
            ))}
          </div>
        ),
      )}
      {onSave &&
        (open === NEW ? (
          form(undefined)
        ) : (
          <button type="button" className={`link ${styles.add}`} onClick={() => setOpen(NEW)}>
            Add a sentence
          </button>
        ))}
    </section>
  );
}
