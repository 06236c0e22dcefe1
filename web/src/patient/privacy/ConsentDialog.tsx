/** A consent in four choices, read back as one sentence before it is recorded. */

import { Modal, Radio, Select, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import dialog from "@/acts/Dialog.module.css";
import { note } from "@/acts/toasts";
import { consentOf, EVERYTHING, problemsOf, type Refused, sentenceOf, type Wish } from "@/patient/privacy/consent";
import styles from "@/patient/privacy/Privacy.module.css";
import { giveConsent } from "@/patient/privacy/queries";
import { Ticks } from "@/patient/privacy/Ticks";
import type { Choices } from "@/patient/privacy/types";

const NOTHING: Wish = { label: undefined, kinds: [], whom: "everybody", who: "", never: false, until: "", words: "" };
/** Kinds that people think in; the others can be said in FHIR. */
const OFFERED = ["DocumentReference", "Observation", "Condition", "MedicationRequest"];
/** Labels of whole records: they are not for consents. */
const OF_RECORDS = ["VIP", "EMP"];

interface Props {
  patient: string;
  name: string;
  choices: Choices;
  own: boolean;
  onClose: () => void;
}

export default function ConsentDialog({ patient, name, choices, own, onClose }: Props) {
  const [wish, setWish] = useState(NOTHING);
  const [refused, setRefused] = useState<Refused>({});
  const queries = useQueryClient();
  const change = (part: Partial<Wish>) => setWish((before) => ({ ...before, ...part }));
  const recording = useMutation({
    mutationFn: () => giveConsent(consentOf(wish, patient, name)),
    onSuccess: () => {
      note("Recorded. It holds from now on, on every screen.");
      void queries.invalidateQueries({ queryKey: ["patient", patient] });
      void queries.removeQueries({ queryKey: ["past", patient] });
      onClose();
    },
  });

  function decide(event: FormEvent): void {
    event.preventDefault();
    const wrong = problemsOf(wish);
    setRefused(wrong);
    if (wrong.what || wrong.who) return;
    recording.mutate();
  }

  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={own ? "Close something to somebody" : "Record a consent"}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <form className={dialog.form} onSubmit={decide} noValidate>
        <Select
          label="What"
          placeholder="Choose"
          data={[
            ...choices.labels.filter((each) => !OF_RECORDS.includes(each.code)).map((each) => ({ value: each.code, label: each.title })),
            { value: EVERYTHING, label: "Everything in the record" },
          ]}
          value={wish.label ?? null}
          error={refused.what}
          onChange={(label) => change({ label: label ?? undefined })}
          allowDeselect={false}
          data-autofocus
        />
        <Ticks
          legend="Of which kind"
          help="None ticked: of every kind"
          choices={choices.kinds.filter((each) => OFFERED.includes(each.code))}
          chosen={wish.kinds}
          onChange={(kinds) => change({ kinds })}
        />
        <Whom wish={wish} choices={choices} refused={refused.who} onChange={change} />
        <label className={styles.never}>
          <input type="checkbox" checked={wish.never} onChange={(event) => change({ never: event.target.checked })} />
          <span>
            Not even in an emergency
            <small>Otherwise it opens for somebody who says why they need it now, and that is looked into afterwards</small>
          </span>
        </label>
        <TextInput
          label="Until"
          description="Left empty: until it is withdrawn"
          type="date"
          value={wish.until}
          onChange={(event) => change({ until: event.currentTarget.value })}
        />
        <Textarea
          label={own ? "In your own words" : "In the patient's own words"}
          description="If you like; it is kept with the consent"
          rows={2}
          maxLength={1_000}
          value={wish.words}
          onChange={(event) => change({ words: event.currentTarget.value })}
        />
        <output className={styles.sentence}>
          {wish.label === undefined ? "Choose what is to be closed." : sentenceOf(wish, choices)}
          {wish.label !== undefined && wish.never && " Not even in an emergency."}
        </output>
        {recording.error && <strong role="alert">{recording.error.message}</strong>}
        <div className={dialog.buttons}>
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button main" disabled={recording.isPending}>
            Record
          </button>
        </div>
      </form>
    </Modal>
  );
}

interface WhomProps {
  wish: Wish;
  choices: Choices;
  refused: string | undefined;
  onChange: (part: Partial<Wish>) => void;
}

function Whom({ wish, choices, refused, onChange }: WhomProps) {
  return (
    <>
      <Radio.Group label="Closed to" value={wish.whom} onChange={(whom) => onChange({ whom: whom as Wish["whom"], who: "" })}>
        <div className={dialog.reasons}>
          <Radio value="everybody" label="Everybody" />
          <Radio value="everybody but" label="Everybody outside one unit" />
          <Radio value="one person" label="One person who works here" />
        </div>
      </Radio.Group>
      {wish.whom === "everybody but" && (
        <Select
          label="Unit"
          data={choices.units.map((each) => ({ value: each.code, label: each.title }))}
          value={wish.who || null}
          error={refused}
          onChange={(who) => onChange({ who: who ?? "" })}
          searchable
        />
      )}
      {wish.whom === "one person" && (
        <TextInput
          label="Sign-in name"
          description="An administrator or the privacy officer knows it"
          value={wish.who}
          error={refused}
          onChange={(event) => onChange({ who: event.currentTarget.value.trim() })}
          autoComplete="off"
        />
      )}
    </>
  );
}
