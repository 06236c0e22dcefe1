/** What was drawn and not saved is not lost by a press beside: leaving asks first. */

import { Modal } from "@mantine/core";
import { useBlocker } from "@tanstack/react-router";
import dialog from "@/acts/Dialog.module.css";

/** Asks before another page, another study or nothing at all is looked at. */
export function LeavingGuard({ isUnsaved }: { isUnsaved: boolean }) {
  const { status, proceed, reset } = useBlocker({
    shouldBlockFn: ({ current, next }) =>
      isUnsaved && (current.pathname !== next.pathname || studyOf(current.search) !== studyOf(next.search)),
    enableBeforeUnload: isUnsaved,
    withResolver: true,
  });
  return status === "blocked" ? <LetGo onStay={reset} onLeave={proceed} /> : null;
}

const studyOf = (search: unknown): unknown => (search as { study?: unknown }).study;

export function LetGo({ onStay, onLeave }: { onStay: () => void; onLeave: () => void }) {
  return (
    <Modal opened onClose={onStay} title="Contours not saved" closeButtonProps={{ "aria-label": "Close" }}>
      <div className={dialog.form}>
        <p>What you have drawn was not saved. If you go on, it is gone; the stored contours stay as they were.</p>
        <div className={dialog.buttons}>
          <button type="button" className="button" onClick={onLeave}>
            Let it go
          </button>
          <button type="button" className="button main" onClick={onStay}>
            Keep drawing
          </button>
        </div>
      </div>
    </Modal>
  );
}
