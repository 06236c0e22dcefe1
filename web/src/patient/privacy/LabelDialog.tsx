/** Saying how sensitive a fact is, or the whole record, and why. */

import { Modal, Textarea } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import dialog from "@/acts/Dialog.module.css";
import { note } from "@/acts/toasts";
import { giveLabel } from "@/patient/privacy/queries";
import { Ticks } from "@/patient/privacy/Ticks";
import type { Choices } from "@/patient/privacy/types";

const OF_RECORDS = ["VIP", "EMP"];
const SHORTEST = 3;

interface Props {
  patient: string;
  fact: { kind: string; key: string; title: string; labels: string[] };
  choices: Choices;
  onClose: () => void;
}

export default function LabelDialog({ patient, fact, choices, onClose }: Props) {
  const [labels, setLabels] = useState(fact.labels);
  const [reason, setReason] = useState("");
  const [refused, setRefused] = useState("");
  const queries = useQueryClient();
  const labelling = useMutation({
    mutationFn: () => giveLabel(patient, { kind: fact.kind, key: fact.key, labels, reason: reason.trim() }),
    onSuccess: () => {
      note("Recorded. It counts from now on, in the past as well.");
      void queries.invalidateQueries({ queryKey: ["patient", patient] });
      void queries.removeQueries({ queryKey: ["past", patient] });
      onClose();
    },
  });
  const isRecord = fact.kind === "Patient";

  function decide(event: FormEvent): void {
    event.preventDefault();
    if (reason.trim().length < SHORTEST) return setRefused("Say in a few words why.");
    labelling.mutate();
  }

  return (
    <Modal opened onClose={onClose} title={`How sensitive: ${fact.title}`} closeButtonProps={{ "aria-label": "Close" }}>
      <form className={dialog.form} onSubmit={decide} noValidate>
        <Ticks
          legend="Label"
          help={isRecord ? "For everything in it" : "Of measurements all of this kind, of an order its doses too"}
          choices={choices.labels.filter((each) => OF_RECORDS.includes(each.code) === isRecord)}
          chosen={labels}
          onChange={setLabels}
        />
        <Textarea
          label="Why"
          value={reason}
          error={refused}
          rows={2}
          maxLength={500}
          required
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {labelling.error && <strong role="alert">{labelling.error.message}</strong>}
        <div className={dialog.buttons}>
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button main" disabled={labelling.isPending}>
            Record
          </button>
        </div>
      </form>
    </Modal>
  );
}
