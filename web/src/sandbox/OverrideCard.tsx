/** Why a card is not followed: one of the reasons the card itself offers, with a word of one's own. */

import { Modal, Radio, Textarea } from "@mantine/core";
import { type FormEvent, useState } from "react";
import styles from "@/acts/Dialog.module.css";
import type { Card, Coding } from "@/sandbox/types";

interface Props {
  card: Card;
  onClose: () => void;
  onChosen: (reason: Coding, comment: string) => void;
}

export function OverrideCard({ card, onClose, onChosen }: Props) {
  const [code, setCode] = useState("");
  const [comment, setComment] = useState("");
  const [refused, setRefused] = useState("");

  function decide(event: FormEvent): void {
    event.preventDefault();
    const reason = card.overrideReasons?.find((each) => each.code === code);
    if (!reason) return setRefused("Choose a reason first.");
    onChosen(reason, comment.trim());
  }

  return (
    <Modal opened onClose={onClose} title={`Override: ${card.summary}`} closeButtonProps={{ "aria-label": "Close" }}>
      <form className={styles.form} onSubmit={decide} noValidate>
        <Radio.Group label="Why is this not followed?" value={code} onChange={setCode} error={refused}>
          <div className={styles.reasons}>
            {card.overrideReasons?.map((each) => (
              <Radio key={each.code} value={each.code} label={each.display ?? each.code} />
            ))}
          </div>
        </Radio.Group>
        <Textarea
          label="Comment"
          description="If you like"
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
