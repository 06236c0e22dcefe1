/** Escalating sends the alert on at once, with a sentence that says why. */

import { Modal, Textarea } from "@mantine/core";
import { type FormEvent, useState } from "react";
import type { Target } from "@/acts/acts";
import styles from "./Dialog.module.css";

interface Props {
  target: Target;
  onClose: () => void;
  onWritten: (comment: string) => void;
}

export default function EscalateDialog({ target, onClose, onWritten }: Props) {
  const [comment, setComment] = useState("");
  const [refused, setRefused] = useState("");

  function decide(event: FormEvent): void {
    event.preventDefault();
    if (!comment.trim()) return setRefused("Say in a few words why you escalate.");
    onWritten(comment.trim());
    onClose();
  }

  return (
    <Modal opened onClose={onClose} title={`Escalate: ${target.label}`} closeButtonProps={{ "aria-label": "Close" }}>
      <form className={styles.form} onSubmit={decide} noValidate>
        <p>
          Goes out at once
          {target.escalatesTo && (
            <>
              {" "}
              to <strong>{target.escalatesTo}</strong>
            </>
          )}
          . Undo sends a stand-down.
        </p>
        <Textarea
          label="Why"
          placeholder="Looks worse than the numbers"
          value={comment}
          error={refused}
          onChange={(event) => setComment(event.currentTarget.value)}
          onKeyDown={(event) => event.key === "Enter" && !event.shiftKey && decide(event)}
          rows={2}
          required
          data-autofocus
        />
        <div className={styles.buttons}>
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button main">
            Escalate now
          </button>
        </div>
      </form>
    </Modal>
  );
}
