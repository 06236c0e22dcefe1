/** For whom an app comes in: the patient it was opened for, or one that the person looks up. */

import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { searchQuery } from "@/api/queries";
import styles from "@/smart/Consent.module.css";
import type { NamedPatient } from "@/smart/types";
import { birthDate } from "@/time/words";

const TYPING_MS = 200;

export function PatientShown({ patient }: { patient: NamedPatient }) {
  return (
    <section className={styles.patient} aria-label="For this patient">
      <small>For this patient, and no other</small>
      <b>{patient.name}</b>
      <span>{said(patient)}</span>
    </section>
  );
}

interface Props {
  chosen: string;
  onChosen: (id: string) => void;
}

/** Only patients this person may see are found. */
export function PatientChoice({ chosen, onChosen }: Props) {
  const [typed, setTyped] = useState("");
  const [asked] = useDebouncedValue(typed.trim(), TYPING_MS);
  const { data, isFetching } = useQuery(searchQuery(asked));
  const found = asked ? (data?.patients ?? []) : [];
  return (
    <fieldset className={styles.choice}>
      <legend>For which patient?</legend>
      <input
        type="search"
        aria-label="Patient"
        placeholder="Name, number or bed"
        autoComplete="off"
        spellCheck={false}
        autoFocus
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          onChosen("");
        }}
      />
      {found.map((each) => (
        <label key={each.id}>
          <input type="radio" name="patient" checked={chosen === each.id} onChange={() => onChosen(each.id)} />
          <span>
            {each.name}
            <small>{said(each)}</small>
          </span>
        </label>
      ))}
      {asked && found.length === 0 && <p className="quiet">{isFetching ? "Searching" : "Nobody by that name whom you may see."}</p>}
    </fieldset>
  );
}

function said({ number, born, unit, bed }: Omit<NamedPatient, "id" | "name">): string {
  return [number, born && `born ${birthDate(born)}`, unit, bed && `bed ${bed}`].filter(Boolean).join(", ");
}
