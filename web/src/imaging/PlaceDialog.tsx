/** Whose is this study? Somebody who has found out says so, and how. */

import { Modal, Radio, Textarea, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import styles from "@/acts/Dialog.module.css";
import { searchQuery } from "@/api/queries";
import { Problem } from "@/design/Problem";
import { placeStudy } from "@/imaging/queries";
import type { StudyLine } from "@/imaging/types";
import { birthDate } from "@/time/words";

const SHORTEST_NOTE = 3;

export function PlaceDialog({ study, onClose }: { study: StudyLine; onClose: () => void }) {
  const known = useQueryClient();
  const [sought, setSought] = useState(study.number);
  const [patient, setPatient] = useState("");
  const [note, setNote] = useState("");
  const [failed, setFailed] = useState<unknown>(null);
  const { data } = useQuery(searchQuery(sought.trim()));
  const place = async (event: FormEvent) => {
    event.preventDefault();
    try {
      await placeStudy(study.uid, patient, note.trim());
      await known.invalidateQueries({ queryKey: ["imaging"] });
      onClose();
    } catch (error) {
      setFailed(error);
    }
  };
  return (
    <Modal opened onClose={onClose} title="Place a study" closeButtonProps={{ "aria-label": "Close" }}>
      <form className={styles.form} onSubmit={(event) => void place(event)}>
        <p>
          The images say: <b>{study.name || "no name"}</b>, number {study.number || "none"}
          {study.born && `, born ${birthDate(study.born)}`}. {study.reason}
        </p>
        <TextInput label="Search the patient" value={sought} onChange={(event) => setSought(event.currentTarget.value)} />
        <Radio.Group label="Patient" value={patient} onChange={setPatient}>
          <div className={styles.reasons}>
            {(data?.patients ?? []).map((each) => (
              <Radio
                key={each.id}
                value={each.id}
                label={`${each.name}, ${each.number}${each.born ? `, born ${birthDate(each.born)}` : ""}`}
              />
            ))}
          </div>
        </Radio.Group>
        {data?.patients.length === 0 && <p>Nobody is found by that.</p>}
        <Textarea
          label="How it was found out"
          description="It stays with the study"
          rows={2}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        {failed !== null && <Problem error={failed} />}
        <div className={styles.buttons}>
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button main" disabled={patient === "" || note.trim().length < SHORTEST_NOTE}>
            Place the study
          </button>
        </div>
      </form>
    </Modal>
  );
}
