/** Notes, letters and reports as they were received, the newest first; one is open at a time. */

import { useState } from "react";
import { Empty } from "@/design/Empty";
import styles from "@/patient/Sheets.module.css";
import type { Note, TimelineAnswer } from "@/patient/types";
import { moment } from "@/time/words";

/** HL7 table 0271, document completion status. */
const STATUS: Record<string, string> = {
  AU: "authenticated",
  LA: "legally authenticated",
  DO: "documented",
  IP: "in progress",
  IN: "incomplete",
  PA: "not yet authenticated",
  DI: "dictated",
};

export function Documents({ answer, now }: { answer: TimelineAnswer; now: number }) {
  const notes = [...answer.documents].reverse();
  const [chosen, choose] = useState<string | null>(null);
  const open = notes.find((note) => note.document === chosen) ?? notes[0];
  if (!open)
    return (
      <Empty title="No note or letter yet">
        <p>Documents arrive with the MDM feed, or as text results.</p>
      </Empty>
    );
  return (
    <div className={styles.reader}>
      <nav className="panel" aria-label="Documents">
        <ol>
          {notes.map((note) => (
            <li key={note.document}>
              <button type="button" aria-current={note === open} onClick={() => choose(note.document)}>
                <b>{note.title}</b>
                <small>{[moment(note.at, now), note.author].filter(Boolean).join(", ")}</small>
              </button>
            </li>
          ))}
        </ol>
      </nav>
      <NoteSheet note={open} now={now} />
    </div>
  );
}

function NoteSheet({ note, now }: { note: Note; now: number }) {
  return (
    <article className="panel" aria-label={note.title}>
      <h2 className={styles.head}>
        {note.title}{" "}
        <small>
          {[note.author, moment(note.at, now), STATUS[note.status] ?? note.status, `from ${note.source}`].filter(Boolean).join(", ")}
        </small>
      </h2>
      {note.text ? (
        <p className={styles.text}>{note.text}</p>
      ) : (
        <p className={styles.none}>– no text was sent; the document itself ({note.media_type}) is kept with the message.</p>
      )}
    </article>
  );
}
