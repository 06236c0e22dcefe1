/** Somebody else's patient: nothing is shown, and in an emergency a reason and one press open the record. */

import { Radio, Textarea } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, type KeyboardEvent, useState } from "react";
import type { ApiProblem } from "@/api/problem";
import { Problem } from "@/design/Problem";
import { openInEmergency, termsQuery } from "@/patient/emergency/queries";
import styles from "@/patient/emergency/Emergency.module.css";
import { duration } from "@/time/words";

export function NotYours({ id, problem }: { id: string; problem: ApiProblem }) {
  const { data: terms, error } = useQuery(termsQuery);
  const queries = useQueryClient();
  const [code, setCode] = useState("");
  const [note, setNote] = useState("");
  const [refused, setRefused] = useState("");
  const opening = useMutation({
    mutationFn: () => openInEmergency(id, { reason: code, note: note.trim() }),
    onSuccess: async () => {
      await queries.resetQueries({ queryKey: ["past", id] });
      await queries.resetQueries({ queryKey: ["patient", id] });
    },
  });
  if (error) return <Problem error={error} />;
  if (!terms) return null;
  const reason = terms.reasons.find((each) => each.code === code);
  const length = duration(terms.minutes * 60).replace(" 00 min", "");

  function decide(event: FormEvent): void {
    event.preventDefault();
    if (!reason) return setRefused("Choose a reason first.");
    if (reason.needs_note && !note.trim()) return setRefused("Say in a few words what the reason is.");
    setRefused("");
    opening.mutate();
  }

  function byNumber(event: KeyboardEvent): void {
    const chosen = event.target instanceof HTMLTextAreaElement ? undefined : terms?.reasons[Number(event.key) - 1];
    if (chosen) setCode(chosen.code);
  }

  return (
    <section className={styles.refusal} aria-labelledby="not-yours">
      <h1 id="not-yours">This record is not open to you</h1>
      <p>{problem.message}</p>
      <form className={styles.form} onSubmit={decide} onKeyDown={byNumber} noValidate>
        <Radio.Group label="Why do you need it now?" value={code} onChange={setCode} error={refused}>
          <div className={styles.reasons}>
            {terms.reasons.map((each, index) => (
              <Radio
                key={each.code}
                value={each.code}
                autoFocus={index === 0}
                label={
                  <>
                    <kbd>{index + 1}</kbd> {each.text}
                  </>
                }
              />
            ))}
          </div>
        </Radio.Group>
        <Textarea
          label="In your words"
          description={reason?.needs_note ? "Needed for this reason" : "If you like"}
          rows={2}
          maxLength={1_000}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        {opening.error && <strong role="alert">{opening.error.message}</strong>}
        <div className={styles.act}>
          <button type="submit" className="button main" disabled={opening.isPending}>
            {opening.isPending ? "Opening" : `Open for ${length}`}
          </button>
          <p className="fine">Recorded under your name. Privacy officers are told at once, and will ask if they need to.</p>
        </div>
      </form>
    </section>
  );
}
