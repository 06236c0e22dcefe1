/** Saying whether opening the record was justified; number keys choose, Enter decides. */

import { Modal, Radio, Textarea } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, type KeyboardEvent, useState } from "react";
import styles from "@/acts/Dialog.module.css";
import { note as say } from "@/acts/toasts";
import { type EmergencyAccess, judge, type Verdict } from "@/privacy/emergency/queries";

const VERDICTS: readonly (readonly [Verdict, string])[] = [
  ["justified", "It was justified"],
  ["asked", "I ask the person first; it stays here"],
  ["not justified", "It was not justified"],
];

export default function JudgeDialog({ access, onClose }: { access: EmergencyAccess; onClose: () => void }) {
  const [verdict, setVerdict] = useState<Verdict | "">("");
  const [note, setNote] = useState("");
  const [refused, setRefused] = useState("");
  const queries = useQueryClient();
  const judging = useMutation({
    mutationFn: (chosen: Verdict) => judge(access.id, { verdict: chosen, note: note.trim() }),
    onSuccess: () => {
      say("Reviewed. The log keeps it with your name.");
      void queries.invalidateQueries({ queryKey: ["emergency accesses"] });
      onClose();
    },
  });

  function decide(event: FormEvent): void {
    event.preventDefault();
    if (!verdict) return setRefused("Choose one first.");
    if (verdict !== "justified" && !note.trim()) return setRefused("Say why, or what you ask, in a few words.");
    judging.mutate(verdict);
  }

  function byNumber(event: KeyboardEvent): void {
    const chosen = event.target instanceof HTMLTextAreaElement ? undefined : VERDICTS[Number(event.key) - 1];
    if (chosen) setVerdict(chosen[0]);
  }

  return (
    <Modal opened onClose={onClose} title={`Review: ${access.person}`} closeButtonProps={{ "aria-label": "Close" }}>
      <form className={styles.form} onSubmit={decide} onKeyDown={byNumber} noValidate>
        <p>
          {access.reason}
          {access.note && `: “${access.note}”`}
        </p>
        <Radio.Group label="What do you say?" value={verdict} onChange={(value) => setVerdict(value as Verdict)} error={refused}>
          <div className={styles.reasons}>
            {VERDICTS.map(([each, words], index) => (
              <Radio
                key={each}
                value={each}
                label={
                  <>
                    <kbd>{index + 1}</kbd> {words}
                  </>
                }
                data-autofocus={index === 0 || undefined}
              />
            ))}
          </div>
        </Radio.Group>
        <Textarea
          label="Note"
          description={verdict === "justified" || !verdict ? "If you like" : "Needed for this"}
          rows={2}
          maxLength={1_000}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        {judging.error && <strong role="alert">{judging.error.message}</strong>}
        <div className={styles.buttons}>
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button main" disabled={judging.isPending}>
            Keep it
          </button>
        </div>
      </form>
    </Modal>
  );
}
