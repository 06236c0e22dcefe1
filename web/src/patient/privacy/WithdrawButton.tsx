/** Withdrawing a consent: it ends at once, so it is confirmed, with a reason if there is one. */

import { Modal, Textarea } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import dialog from "@/acts/Dialog.module.css";
import { note } from "@/acts/toasts";
import { withdrawConsent } from "@/patient/privacy/queries";
import type { Consent } from "@/patient/privacy/types";

export function WithdrawButton({ patient, consent }: { patient: string; consent: Consent }) {
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState("");
  const queries = useQueryClient();
  const withdrawing = useMutation({
    mutationFn: () => withdrawConsent(patient, consent.id, reason.trim()),
    onSuccess: () => {
      note("Withdrawn. It ends now; that it was there stays known.");
      setAsking(false);
      void queries.invalidateQueries({ queryKey: ["patient", patient] });
    },
  });
  return (
    <>
      <button type="button" className="button" onClick={() => setAsking(true)}>
        Withdraw
      </button>
      <Modal opened={asking} onClose={() => setAsking(false)} title="Withdraw this consent" closeButtonProps={{ "aria-label": "Close" }}>
        <form
          className={dialog.form}
          onSubmit={(event) => {
            event.preventDefault();
            withdrawing.mutate();
          }}
        >
          <p>{consent.words.join(" ")}</p>
          <Textarea
            label="Why"
            description="If you like"
            rows={2}
            maxLength={500}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          {withdrawing.error && <strong role="alert">{withdrawing.error.message}</strong>}
          <div className={dialog.buttons}>
            <button type="button" className="button" onClick={() => setAsking(false)}>
              Keep it
            </button>
            <button type="submit" className="button main" disabled={withdrawing.isPending}>
              Withdraw
            </button>
          </div>
        </form>
      </Modal>
    </>
  );
}
