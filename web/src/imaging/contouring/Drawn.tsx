/** Whose contours the lesions were measured in, and the way back to the automatic ones. */

import { Modal } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import dialog from "@/acts/Dialog.module.css";
import { Problem } from "@/design/Problem";
import styles from "@/imaging/contouring/Contouring.module.css";
import { backToAutomatic } from "@/imaging/contouring/queries";
import type { Drawing } from "@/imaging/contouring/types";
import { drawnBy } from "@/imaging/contouring/words";
import { afterMeasuring } from "@/imaging/queries";
import type { Study } from "@/imaging/types";
import { clock } from "@/time/clock";

export function Drawn({ study }: { study: Study }) {
  const [open, setOpen] = useState(false);
  const { drawing } = study;
  if (!drawing) return null;
  return (
    <div className={styles.drawn} role="note">
      <p>
        <b>{drawnBy(drawing, clock.now())}.</b> {state(drawing)}
      </p>
      {study.may.draw && drawing.state !== "measuring" && (
        <button type="button" className="link" onClick={() => setOpen(true)}>
          Back to the automatic ones
        </button>
      )}
      {open && <BackDialog study={study} drawing={drawing} onClose={() => setOpen(false)} />}
    </div>
  );
}

function state({ state: now, why, removed }: Drawing): string {
  if (now === "measuring") return "Being measured; the numbers are still those of before.";
  if (now === "not used") return `Not used: ${why}. The numbers are those of the automatic contours.`;
  return removed.length > 0 ? `Removed: ${removed.join(", ")}.` : "";
}

function BackDialog({ study, drawing, onClose }: { study: Study; drawing: Drawing; onClose: () => void }) {
  const known = useQueryClient();
  const [failed, setFailed] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const back = async () => {
    setBusy(true);
    try {
      await backToAutomatic(study.uid, drawing.mask);
      onClose();
    } catch (error) {
      setFailed(error);
      setBusy(false);
    }
    await afterMeasuring(known, study);
  };
  return (
    <Modal opened onClose={onClose} title="Back to the automatic contours" closeButtonProps={{ "aria-label": "Close" }}>
      <div className={dialog.form}>
        <p>The lesions get the numbers of the automatic contours again. What {drawing.by} has drawn stays readable among the versions.</p>
        {failed !== null && <Problem error={failed} safe="The contours stand as they were." />}
        <div className={dialog.buttons}>
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button type="button" className="button main" disabled={busy || failed !== null} onClick={() => void back()}>
            Back to the automatic ones
          </button>
        </div>
      </div>
    </Modal>
  );
}
