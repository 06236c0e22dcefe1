/** Requests that wait for a second person. Whoever asked cannot agree. */

import { Modal } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { note } from "@/acts/toasts";
import { Checks } from "@/privacy/retention/Checks";
import { approve, type Erasure, type PersonAsked, retentionQuery, withdraw } from "@/privacy/retention/queries";
import styles from "@/privacy/retention/Retention.module.css";
import { named } from "@/privacy/retention/words";
import system from "@/system/System.module.css";
import { clock } from "@/time/clock";
import { moment } from "@/time/words";

export function Waiting({ waiting, decides }: { waiting: readonly Erasure[]; decides: boolean }) {
  const [asking, setAsking] = useState<{ act: "approve" | "withdraw"; erasure: Erasure } | null>(null);
  return (
    <section className="panel" aria-label="Waiting for a second person">
      <h2 className={system.head}>Waiting for a second person</h2>
      {waiting.length === 0 && <p className={system.says}>No request is open.</p>}
      {waiting.map((each) => (
        <article key={each.id} className={styles.request}>
          <Persons persons={each.persons} />
          <p className="fine">
            Asked by {each.asked_by}, {moment(each.asked_at, clock.now())}: {each.ground_words}
            {each.ground !== "retention" && ` (GDPR Art. 17(1)(${each.ground}))`}
          </p>
          {decides && (
            <div className={styles.buttons}>
              <button type="button" className="button" onClick={() => setAsking({ act: "withdraw", erasure: each })}>
                Take it back
              </button>
              {each.asked_by_you ? (
                <span className="fine">You have asked; somebody else must agree.</span>
              ) : (
                <button
                  type="button"
                  className="button main"
                  disabled={!mayGo(each)}
                  onClick={() => setAsking({ act: "approve", erasure: each })}
                >
                  Agree and erase
                </button>
              )}
            </div>
          )}
        </article>
      ))}
      {asking && <Asked act={asking.act} erasure={asking.erasure} onClose={() => setAsking(null)} />}
    </section>
  );
}

const mayGo = (erasure: Erasure): boolean => erasure.persons.every((person) => person.checks.every((check) => check.passed));

const MANY = 3;

function Persons({ persons }: { persons: readonly PersonAsked[] }) {
  const bound = persons.filter((person) => person.checks.some((check) => !check.passed));
  if (persons.length <= MANY)
    return persons.map((person) => (
      <div key={person.id}>
        <h3>{named(person)}</h3>
        <Checks checks={person.checks} />
      </div>
    ));
  return (
    <div>
      <h3>{persons.length} persons whose time is over</h3>
      <p>{bound.length ? `${bound.length} of them may not be erased any more.` : "Nothing stands in the way of any of them."}</p>
      <details className={styles.more}>
        <summary>Who they are</summary>
        <ul>
          {persons.map((person) => (
            <li key={person.id}>{named(person)}</li>
          ))}
        </ul>
      </details>
    </div>
  );
}

interface AskedProps {
  act: "approve" | "withdraw";
  erasure: Erasure;
  onClose: () => void;
}

/** What cannot be undone is asked for once more, in the words of what will happen. */
function Asked({ act, erasure, onClose }: AskedProps) {
  const queries = useQueryClient();
  const deciding = useMutation({
    mutationFn: () => (act === "approve" ? approve(erasure.id).then(() => undefined) : withdraw(erasure.id)),
    onSuccess: () => {
      note(act === "approve" ? "Erased. Nothing brings it back." : "The request was taken back.");
      onClose();
    },
    onSettled: () => queries.invalidateQueries({ queryKey: retentionQuery.queryKey }),
  });
  const who = erasure.persons.length === 1 ? (erasure.persons[0]?.name ?? "") : `${erasure.persons.length} persons`;
  return (
    <Modal
      opened
      onClose={onClose}
      title={act === "approve" ? `Erase ${who} for good?` : "Take the request back?"}
      size="md"
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <div className={styles.asked}>
        {act === "approve" ? (
          <p>
            Their keys are destroyed now. What is stored about them cannot be opened again, here or from any backup. This cannot be undone.
          </p>
        ) : (
          <p>Nothing is erased. It can be asked for again.</p>
        )}
        {deciding.error && <strong role="alert">{deciding.error.message}</strong>}
        <div className={styles.buttons}>
          <button type="button" className="button" onClick={onClose} data-autofocus>
            Cancel
          </button>
          <button type="button" className="button main" disabled={deciding.isPending} onClick={() => deciding.mutate()}>
            {act === "approve" ? "Erase for good" : "Take it back"}
          </button>
        </div>
      </div>
    </Modal>
  );
}
