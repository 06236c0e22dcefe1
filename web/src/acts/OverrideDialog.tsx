/** Overriding needs a reason from the site's short list: number keys choose, Enter decides. */

import { Modal, Radio, Textarea } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, type KeyboardEvent, useState } from "react";
import type { Target } from "@/acts/acts";
import styles from "@/acts/Dialog.module.css";
import { queueQuery } from "@/api/queries";
import type { Act, OverrideReason } from "@/api/types";
import { Problem } from "@/design/Problem";
import { clock } from "@/time/clock";

/** Offered where a reason is a promise to look again. */
const LOOK_AGAIN = [
  [15, "15 min"],
  [30, "30 min"],
  [60, "1 h"],
  [120, "2 h"],
  [240, "4 h"],
] as const;

type Chosen = Pick<Act, "reason" | "comment" | "until">;

interface Props {
  target: Target;
  onClose: () => void;
  onChosen: (chosen: Chosen) => void;
}

export default function OverrideDialog({ target, onClose, onChosen }: Props) {
  const { data, error } = useQuery(queueQuery({ mine: true }));
  const [code, setCode] = useState("");
  const [comment, setComment] = useState("");
  const [minutes, setMinutes] = useState<number>(60);
  const [refused, setRefused] = useState("");
  if (!data && !error) return null;
  const reasons = data?.override_reasons ?? [];
  const reason = reasons.find((each) => each.code === code);

  function decide(event: FormEvent): void {
    event.preventDefault();
    if (!reason) return setRefused("Choose a reason first.");
    if (reason.needs_comment && !comment.trim()) return setRefused("Say in a few words what the reason is.");
    const until = reason.needs_until ? { until: new Date(clock.now() + minutes * 60_000).toISOString() } : {};
    onChosen({ reason: reason.code, comment: comment.trim(), ...until });
    onClose();
  }

  function byNumber(event: KeyboardEvent): void {
    const chosen = event.target instanceof HTMLTextAreaElement ? undefined : reasons[Number(event.key) - 1];
    if (chosen) setCode(chosen.code);
  }

  return (
    <Modal opened onClose={onClose} title={`Override: ${target.label}`} closeButtonProps={{ "aria-label": "Close" }}>
      <form className={styles.form} onSubmit={decide} onKeyDown={byNumber} noValidate>
        {error && <Problem error={error} />}
        <Reasons reasons={reasons} chosen={code} refused={refused} onChosen={setCode} />
        {reason?.needs_until && <LookAgain minutes={minutes} onChosen={setMinutes} />}
        <Textarea
          label="Comment"
          description={reason?.needs_comment ? "Needed for this reason" : "If you like"}
          rows={2}
          value={comment}
          onChange={(event) => setComment(event.currentTarget.value)}
        />
        <div className={styles.buttons}>
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button main">
            Override
          </button>
        </div>
      </form>
    </Modal>
  );
}

interface ReasonsProps {
  reasons: readonly OverrideReason[];
  chosen: string;
  refused: string;
  onChosen: (code: string) => void;
}

function Reasons({ reasons, chosen, refused, onChosen }: ReasonsProps) {
  return (
    <Radio.Group label="Why does this alert not need action?" value={chosen} onChange={onChosen} error={refused}>
      <div className={styles.reasons}>
        {reasons.map((each, index) => (
          <Radio
            key={each.code}
            value={each.code}
            label={
              <>
                <kbd>{index + 1}</kbd> {each.text}
              </>
            }
            data-autofocus={index === 0 || undefined}
          />
        ))}
      </div>
    </Radio.Group>
  );
}

function LookAgain({ minutes, onChosen }: { minutes: number; onChosen: (minutes: number) => void }) {
  return (
    <fieldset className={styles.again}>
      <legend>I look again in</legend>
      {LOOK_AGAIN.map(([each, words]) => (
        <button key={each} type="button" className="button" aria-pressed={each === minutes} onClick={() => onChosen(each)}>
          {words}
        </button>
      ))}
    </fieldset>
  );
}
