/** What would leave the house of a note: typed on the left, without what identifies on the right, and what was found, kind by kind. */

import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import styles from "@/privacy/deidentify/Deidentify.module.css";
import { Found } from "@/privacy/deidentify/Found";
import { pieces } from "@/privacy/deidentify/pieces";
import { type Asked, deidentifiedQuery, LONGEST, type Profile } from "@/privacy/deidentify/queries";
import { SAMPLE } from "@/privacy/deidentify/sample";
import system from "@/system/System.module.css";

const TYPING_MS = 250;
const PROFILES: readonly { key: Profile; word: string; says: string }[] = [
  { key: "safe-harbor", word: "Removed", says: "The 18 identifiers of the HIPAA Safe Harbor list become the names of their kinds." },
  {
    key: "pseudonymised",
    word: "With stand-ins",
    says: "Invented names and numbers of the same form, dates moved by one number of days. Not Safe Harbor.",
  },
];

export function Deidentify() {
  const [asked, setAsked] = useState<Asked>({ content: "", profile: "safe-harbor", known: "" });
  const [shown, setShown] = useState("");
  const settled = useSettled(asked);
  const { data, error } = useQuery(deidentifiedQuery(settled));
  const answer = asked.content.trim() ? data : undefined;
  const profile = PROFILES.find((each) => each.key === asked.profile);
  return (
    <>
      <section className="panel" aria-label="De-identification">
        <h2 className={system.head}>De-identification</h2>
        <p className={system.says}>
          Try what would leave the house of a note. Nothing typed here is kept, and nobody but you sees it. Whole files are done with{" "}
          <code>wardline deidentify</code>.
        </p>
        <div className={styles.choices}>
          <div role="group" aria-label="What identifies is">
            {PROFILES.map(({ key, word }) => (
              <button
                key={key}
                type="button"
                className="button"
                aria-pressed={asked.profile === key}
                onClick={() => setAsked({ ...asked, profile: key })}
              >
                {word}
              </button>
            ))}
          </div>
          <p>{profile?.says}</p>
        </div>
      </section>
      <div className={styles.sides}>
        <section className={`panel ${styles.side}`} aria-label="As written">
          <header>
            <h2>As written</h2>
            <button type="button" className="link" onClick={() => setAsked({ ...asked, content: asked.content ? "" : SAMPLE })}>
              {asked.content ? "Clear" : "Fill in an invented note"}
            </button>
          </header>
          <textarea
            aria-label="Note"
            placeholder="Paste or type a note"
            maxLength={LONGEST}
            spellCheck={false}
            autoComplete="off"
            value={asked.content}
            onChange={(event) => setAsked({ ...asked, content: event.target.value })}
          />
          <label className={styles.known}>
            <span>
              Known of the patient <small>names and numbers, with commas; found however they are written</small>
            </span>
            <input
              value={asked.known}
              autoComplete="off"
              placeholder="Ngozi Okafor, 40123456"
              onChange={(event) => setAsked({ ...asked, known: event.target.value })}
            />
          </label>
        </section>
        <section className={`panel ${styles.side}`} aria-label="As it would leave" aria-live="polite">
          <header>
            <h2>As it would leave</h2>
            {answer && <p>{answer.found.length === 1 ? "1 place changed" : `${answer.found.length} places changed`}</p>}
          </header>
          {error ? (
            <p className={styles.empty}>
              <b>{error.message}</b> Nothing was kept; change the text to try again.
            </p>
          ) : answer ? (
            <>
              <p className={styles.text}>
                {pieces(answer.text, answer.found, "new").map(({ text, kind }, place) =>
                  kind ? (
                    <mark key={place} data-kind={kind} data-shown={shown === kind || undefined} title={kind}>
                      {text}
                    </mark>
                  ) : (
                    <span key={place}>{text}</span>
                  ),
                )}
              </p>
              <p className={styles.notice}>{answer.notice}</p>
            </>
          ) : (
            <p className={styles.empty}>The note appears here without what identifies, while you type.</p>
          )}
        </section>
      </div>
      {answer && !error && <Found answer={answer} shown={shown} onShow={setShown} />}
    </>
  );
}

/** What somebody typed, once they have paused. */
function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), TYPING_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
