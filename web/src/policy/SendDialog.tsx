/** Sending a draft for approval: what changes, what its replay said, and why it is wanted, for whoever signs next. */

import { Modal, Textarea } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { note as said } from "@/acts/toasts";
import { Changes } from "@/policy/Changes";
import type { Draft } from "@/policy/draft";
import styles from "@/policy/Proposals.module.css";
import { policyQuery, propose } from "@/policy/queries";
import type { Checked, Policy, Simulated } from "@/policy/types";
import { headline } from "@/policy/words";

interface Props {
  policy: Policy;
  draft: Draft;
  checked: Checked;
  replayed: Simulated | undefined;
  onClose: () => void;
  onSent: () => void;
}

export function SendDialog({ policy, draft, checked, replayed, onClose, onSent }: Props) {
  const queries = useQueryClient();
  const [note, setNote] = useState(replayed ? `Replay: ${headline(replayed)}.` : "");
  const [refused, setRefused] = useState("");

  async function send(event: FormEvent): Promise<void> {
    event.preventDefault();
    try {
      const sent = await propose(draft, note.trim());
      said(`Sent for approval: policy ${sent.version}`);
      onSent();
      onClose();
      await queries.invalidateQueries({ queryKey: policyQuery.queryKey });
    } catch (error) {
      setRefused(error instanceof Error ? error.message : "It could not be sent.");
    }
  }

  return (
    <Modal
      opened
      onClose={onClose}
      title={`Send policy ${checked.version} for approval`}
      size="lg"
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <form className={styles.asked} onSubmit={(event) => void send(event)} noValidate>
        <p>
          Sending it is your signature. {policy.signatures - 1 === 1 ? "One more person" : `${policy.signatures - 1} more people`} must sign
          before it is in force.
        </p>
        {!replayed && <p className="fine">This draft has not been replayed: nobody knows yet what it would have done.</p>}
        <Changes policy={policy} text={checked.text} />
        <Textarea
          label="Why"
          description="Shown to whoever signs next"
          rows={3}
          maxLength={1000}
          value={note}
          error={refused}
          onChange={(event) => setNote(event.currentTarget.value)}
          data-autofocus
        />
        <div className={styles.buttons}>
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button main">
            Send for approval
          </button>
        </div>
      </form>
    </Modal>
  );
}
