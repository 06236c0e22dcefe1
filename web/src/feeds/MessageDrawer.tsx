/** One message that was not understood: what is wrong, the text with the place marked, and the three ways on. */

import { Drawer, Textarea } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { note } from "@/acts/toasts";
import { ApiProblem } from "@/api/problem";
import { useNarrow } from "@/design/media";
import { Problem } from "@/design/Problem";
import { Skeleton } from "@/design/Skeleton";
import styles from "@/feeds/Drawers.module.css";
import { Message } from "@/feeds/Message";
import { placeOf, selection } from "@/feeds/place";
import { sentence } from "@/feeds/Quarantine";
import { dismiss, messageQuery, replay } from "@/feeds/queries";
import type { Aside } from "@/feeds/types";
import { mayRepair, REPAIR_IS } from "@/feeds/words";
import { usePerson } from "@/shell/person";
import { clock } from "@/time/clock";
import { moment } from "@/time/words";

interface Props {
  aside: Aside;
  feed: string;
  onClose: () => void;
}

export default function MessageDrawer({ aside, feed, onClose }: Props) {
  const narrow = useNarrow();
  const may = mayRepair(usePerson());
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size={narrow ? "100%" : may ? 960 : 480}
      title={`Message ${aside.id} from ${feed}, ${moment(aside.recorded_at, clock.now())}`}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {may ? <Repair aside={aside} onClose={onClose} /> : <Kept aside={aside} />}
    </Drawer>
  );
}

/** What everybody may know: why it was put aside, but not what it says. */
function Kept({ aside }: { aside: Aside }) {
  return (
    <>
      <Wrong reason={aside.reason} where={aside.where} />
      <p className={styles.why}>{REPAIR_IS} The message is kept as it came and waits.</p>
    </>
  );
}

function Wrong({ reason, where }: { reason: string; where: string }) {
  return (
    <p className={styles.wrong}>
      <b>{sentence(reason)}.</b> {where && <code>{where}</code>}
    </p>
  );
}

function Repair({ aside, onClose }: { aside: Aside; onClose: () => void }) {
  const { data, error, refetch } = useQuery(messageQuery(aside.id));
  const [edited, setEdited] = useState<string | null>(null);
  const [dismissing, setDismissing] = useState(false);
  const queries = useQueryClient();
  const told = (said: string) => {
    note(said);
    void queries.invalidateQueries({ queryKey: ["quarantine"] });
    void queries.invalidateQueries({ queryKey: ["feeds"] });
    onClose();
  };
  const taking = useMutation({
    mutationFn: (text: string | undefined) => replay(aside.id, text),
    onSuccess: () => told(`Message ${aside.id} has been taken in.`),
  });
  if (error) return <Problem error={error} again={() => void refetch()} />;
  if (!data) return <Skeleton width="100%" height="240px" />;
  // What is wrong with the last try, else what was wrong with the message as it came.
  const refusal = taking.error instanceof ApiProblem && taking.error.status === 400 ? taking.error : null;
  const [reason, where] = refusal ? [refusal.message.replace(/\.$/, ""), refusal.where ?? ""] : [aside.reason, aside.where];
  const text = edited ?? data.text;
  return (
    <div className={styles.form}>
      <div role="status">
        {refusal && <p className={styles.still}>Still not understood. It stays here, and nothing of it was taken in.</p>}
        <Wrong reason={reason} where={where} />
        {taking.error && !refusal && <Problem error={taking.error} safe="The message is kept here as it came." />}
      </div>
      {edited === null ? <Message text={data.text} where={where} /> : <Editor text={edited} where={where} onChange={setEdited} />}
      {dismissing ? (
        <Dismissal id={aside.id} onDone={told} onCancel={() => setDismissing(false)} />
      ) : (
        <div className={styles.buttons}>
          <button type="button" className={`button ${styles.first}`} onClick={() => setDismissing(true)}>
            Dismiss with a note
          </button>
          {edited === null ? (
            <>
              <button type="button" className="button" disabled={taking.isPending} onClick={() => taking.mutate(undefined)}>
                Take in as it is
              </button>
              <button type="button" className="button main" onClick={() => setEdited(data.text)} data-autofocus>
                Edit
              </button>
            </>
          ) : (
            <>
              <button type="button" className="button" onClick={() => setEdited(null)}>
                Undo my changes
              </button>
              <button type="button" className="button main" disabled={taking.isPending} onClick={() => taking.mutate(text)}>
                Take in as repaired
              </button>
            </>
          )}
        </div>
      )}
    </div>
  );
}

/** The text, one segment a line, with the offending place selected. */
function Editor({ text, where, onChange }: { text: string; where: string; onChange: (text: string) => void }) {
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    const area = field.current;
    const place = area && placeOf(area.value, where);
    area?.focus();
    if (area && place) area.setSelectionRange(...selection(area.value, place));
  }, [where]);
  return (
    <label className={styles.field}>
      <b>Message, one segment a line</b>
      <small>The message as it came is kept beside yours, and both with your name.</small>
      <textarea
        ref={field}
        className={styles.editor}
        value={text}
        rows={Math.min(24, text.split("\n").length + 2)}
        wrap="off"
        spellCheck={false}
        onChange={(event) => onChange(event.target.value)}
      />
    </label>
  );
}

function Dismissal({ id, onDone, onCancel }: { id: number; onDone: (said: string) => void; onCancel: () => void }) {
  const [why, setWhy] = useState("");
  const [refused, setRefused] = useState("");
  const leaving = useMutation({ mutationFn: () => dismiss(id, why.trim()), onSuccess: () => onDone(`Message ${id} was dismissed.`) });

  function decide(event: FormEvent): void {
    event.preventDefault();
    if (why.trim().length < 3) return setRefused("Say in a few words why nothing is lost.");
    leaving.mutate();
  }

  return (
    <form className={styles.form} onSubmit={decide} noValidate>
      <Textarea
        label="Why nothing is lost by leaving it"
        description="It stays in the log, but nobody will be asked about it again. This cannot be undone."
        placeholder="Sent again and taken in as message 1042"
        value={why}
        error={refused}
        onChange={(event) => setWhy(event.currentTarget.value)}
        maxLength={500}
        rows={2}
        autoFocus
      />
      {leaving.error && <Problem error={leaving.error} />}
      <div className={styles.buttons}>
        <button type="button" className="button" onClick={onCancel}>
          Cancel
        </button>
        <button type="submit" className="button main" disabled={leaving.isPending}>
          Dismiss
        </button>
      </div>
    </form>
  );
}
