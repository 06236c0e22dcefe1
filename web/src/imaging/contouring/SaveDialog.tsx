/** Saving what was drawn: what it changes, a word about why, and what to do when somebody else was quicker. */

import { Modal, Textarea, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useMemo, useState } from "react";
import dialog from "@/acts/Dialog.module.css";
import { ApiProblem } from "@/api/problem";
import { Problem } from "@/design/Problem";
import { type Change, changesOf, contoursOf } from "@/imaging/contouring/changes";
import { saveContours } from "@/imaging/contouring/queries";
import type { Hand, Opened } from "@/imaging/contouring/useDrawing";
import { studyQuery } from "@/imaging/queries";
import { number } from "@/imaging/words";

interface Props {
  study: string;
  hand: Hand;
  opened: Opened;
  onClose: () => void;
}

const CONFLICT = 409;
const SITES = ["lung", "lymph node", "liver", "bone", "soft tissue"];

export function SaveDialog({ study, hand, opened, onClose }: Props) {
  const known = useQueryClient();
  const changes = useMemo(() => changesOf(opened), [opened]);
  const [note, setNote] = useState("");
  const [failed, setFailed] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const { queryKey } = studyQuery(study);
  const save = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setFailed(null);
    try {
      const drawing = await saveContours(study, contoursOf(opened, changes, note));
      known.setQueryData(queryKey, (before) => before && { ...before, drawing });
      hand.saved(drawing.mask);
      onClose();
      await known.invalidateQueries({ queryKey, exact: true });
    } catch (error) {
      setFailed(error);
      setBusy(false);
    }
  };
  const theirs = () => {
    hand.close();
    onClose();
    void known.invalidateQueries({ queryKey, exact: true });
  };
  const isConflict = failed instanceof ApiProblem && failed.status === CONFLICT;
  return (
    <Modal opened onClose={onClose} title="Save the contours" closeButtonProps={{ "aria-label": "Close" }}>
      <form className={dialog.form} onSubmit={(event) => void save(event)}>
        {changes.length === 0 ? <p>Nothing is different from what is stored.</p> : <Changes changes={changes} onSite={hand.named} />}
        <p className="fine">The lesions are measured anew by the server. The automatic contours stay readable.</p>
        <Textarea
          label="Why"
          description="It stays with the contours"
          rows={2}
          maxLength={500}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        {failed !== null && <Problem error={failed} safe="Nothing was saved. What you have drawn is still here." />}
        <div className={dialog.buttons}>
          <button type="button" className="button" onClick={onClose}>
            Keep drawing
          </button>
          {isConflict ? (
            <button type="button" className="button main" onClick={theirs}>
              Let mine go, look at theirs
            </button>
          ) : (
            <button type="submit" className="button main" disabled={busy || changes.length === 0}>
              Save and measure
            </button>
          )}
        </div>
      </form>
    </Modal>
  );
}

function Changes({ changes, onSite }: { changes: readonly Change[]; onSite: (number: number, site: string) => void }) {
  return (
    <ul aria-label="What changes">
      {changes.map((each) => (
        <li key={each.target.number}>
          <b>{each.target.key}</b> {words(each)}
          {each.what === "new" && (
            <TextInput
              label={`Where ${each.target.key} is`}
              placeholder={SITES.join(", ")}
              maxLength={100}
              value={each.target.site}
              onChange={(event) => onSite(each.target.number, event.currentTarget.value)}
            />
          )}
        </li>
      ))}
    </ul>
  );
}

/** Volumes inside the outlines, so that a slip of the hand is seen. The measured ones come from the server. */
function words({ what, before, now }: Change): string {
  if (what === "removed") return "is removed";
  if (what === "new") return `is new, ${number(now)} mL outlined`;
  return `${number(before)} → ${number(now)} mL outlined`;
}
