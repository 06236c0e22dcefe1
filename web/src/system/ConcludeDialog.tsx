/** Saying what came of an incident: it leaves the list, and the log keeps both. */

import { Modal, Textarea } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { note } from "@/acts/toasts";
import styles from "@/acts/Dialog.module.css";
import { concludeIncident } from "@/system/queries";
import type { Incident } from "@/system/types";
import { capital } from "@/system/words";

export default function ConcludeDialog({ incident, onClose }: { incident: Incident; onClose: () => void }) {
  const [said, setSaid] = useState("");
  const [refused, setRefused] = useState("");
  const queries = useQueryClient();
  const concluding = useMutation({
    mutationFn: () => concludeIncident(incident.id, said.trim()),
    onSuccess: () => {
      note("Concluded. The log keeps what happened and what came of it.");
      void queries.invalidateQueries({ queryKey: ["incidents"] });
      onClose();
    },
  });

  function decide(event: FormEvent): void {
    event.preventDefault();
    if (!said.trim()) return setRefused("Say in a few words what came of it.");
    concluding.mutate();
  }

  return (
    <Modal opened onClose={onClose} title={capital(incident.what)} closeButtonProps={{ "aria-label": "Close" }}>
      <form className={styles.form} onSubmit={decide} noValidate>
        <p>
          {incident.name}, {incident.detail}
        </p>
        <Textarea
          label="What came of it"
          placeholder="The laboratory and both teams were told"
          value={said}
          error={refused}
          onChange={(event) => setSaid(event.currentTarget.value)}
          rows={3}
          maxLength={2_000}
          required
          data-autofocus
        />
        {concluding.error && <strong role="alert">{concluding.error.message}</strong>}
        <div className={styles.buttons}>
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button main" disabled={concluding.isPending}>
            Conclude
          </button>
        </div>
      </form>
    </Modal>
  );
}
