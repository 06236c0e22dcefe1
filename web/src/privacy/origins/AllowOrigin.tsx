/** Letting pages of another site ask some paths, until a day within the next thirty. The server asks for a fresh proof first. */

import { Modal } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { note } from "@/acts/toasts";
import styles from "@/privacy/origins/Origins.module.css";
import { allowOrigin } from "@/privacy/origins/queries";
import accounts from "@/system/Accounts.module.css";

const DAY = 86_400_000;
const DAYS = [1, 7, 14, 30] as const;

export default function AllowOrigin({ onClose }: { onClose: () => void }) {
  const queries = useQueryClient();
  const allowing = useMutation({
    mutationFn: allowOrigin,
    onSuccess: (made) => {
      note(`${made.origin} may ask now.`);
      void queries.invalidateQueries({ queryKey: ["origins"] });
      onClose();
    },
  });

  function decide(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const entered = new FormData(event.currentTarget);
    const [origin = "", paths = "", days = "", reason = ""] = ["origin", "paths", "days", "reason"].map((field) =>
      String(entered.get(field)),
    );
    // A minute less than thirty days: the server's clock may be a little behind.
    const expires_at = new Date(Date.now() + Number(days) * DAY - 60_000).toISOString();
    allowing.mutate({ origin: origin.trim(), paths: paths.split(/\s+/).filter(Boolean), expires_at, reason: reason.trim() });
  }

  return (
    <Modal opened onClose={onClose} title="Let pages of another site ask" closeButtonProps={{ "aria-label": "Close" }}>
      <form className={`${accounts.form} ${styles.form}`} onSubmit={decide}>
        <label className={accounts.field}>
          <b>Site</b>
          <small>Its address without anything after the name, such as https://tablets.hospital.example</small>
          <input name="origin" required maxLength={300} autoComplete="off" autoCapitalize="none" data-autofocus />
        </label>
        <label className={accounts.field}>
          <b>Paths it may ask</b>
          <small>One in each line, with everything below it; signing in is never among them</small>
          <textarea name="paths" required placeholder="/api/v1/boards" autoCapitalize="none" spellCheck={false} />
        </label>
        <label className={accounts.field}>
          <b>For how long</b>
          <select name="days" defaultValue="7">
            {DAYS.map((each) => (
              <option key={each} value={each}>
                {each === 1 ? "1 day" : `${each} days`}
              </option>
            ))}
          </select>
        </label>
        <label className={accounts.field}>
          <b>What for</b>
          <input name="reason" required maxLength={500} autoComplete="off" />
        </label>
        {allowing.error && <strong role="alert">{allowing.error.message}</strong>}
        <div className={accounts.buttons}>
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button main" disabled={allowing.isPending}>
            Let it ask
          </button>
        </div>
      </form>
    </Modal>
  );
}
