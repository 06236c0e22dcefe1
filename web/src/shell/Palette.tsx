/** Search: patients by name, number or bed, units and pages; arrows choose, Enter opens. */

import { Modal } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type KeyboardEvent, useId, useState } from "react";
import { boardsQuery, searchQuery } from "@/api/queries";
import type { PatientLine } from "@/api/types";
import { pagesFor } from "@/shell/pages";
import styles from "@/shell/Palette.module.css";
import { usePerson } from "@/shell/person";

interface Hit {
  id: string;
  group: string;
  title: string;
  context: string;
  open: () => void;
}

const TYPING_MS = 120;

export default function Palette({ onClose }: { onClose: () => void }) {
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const [asked] = useDebouncedValue(typed.trim(), TYPING_MS);
  const patients = useQuery(searchQuery(asked));
  const hits = useHits(typed.trim(), patients.data?.patients ?? []);
  const list = useId();
  const place = Math.min(at, hits.length - 1);
  const chosen = hits[place];

  function choose(hit: Hit | undefined): void {
    if (!hit) return;
    onClose();
    hit.open();
  }

  function onKeyDown(event: KeyboardEvent): void {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0) setAt((hits.length + at + step) % Math.max(1, hits.length));
    else if (event.key === "Enter") choose(chosen);
    else return;
    event.preventDefault();
  }

  return (
    <Modal.Root opened onClose={onClose} centered={false} padding={0} size={560} yOffset="12vh" transitionProps={{ duration: 0 }}>
      <Modal.Overlay backgroundOpacity={0.18} />
      <Modal.Content aria-label="Search">
        <input
          className={styles.input}
          role="combobox"
          aria-expanded="true"
          aria-controls={list}
          aria-activedescendant={chosen && `${list}-${place}`}
          aria-label="Search patients, units and pages"
          placeholder="Name, number, bed, unit or page"
          autoComplete="off"
          spellCheck={false}
          autoFocus
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
        />
        <ul id={list} role="listbox" className={styles.list} aria-label="Found">
          {hits.map((hit, index) => (
            <li
              key={hit.id}
              id={`${list}-${index}`}
              role="option"
              aria-selected={hit === chosen}
              className={styles.hit}
              onPointerMove={() => setAt(index)}
              onClick={() => choose(hit)}
            >
              <span className={styles.group}>{hits[index - 1]?.group === hit.group ? "" : hit.group}</span>
              <span>{hit.title}</span>
              <small>{hit.context}</small>
            </li>
          ))}
        </ul>
        {hits.length === 0 && <p className={styles.none}>{patients.isFetching ? "Searching" : "Nobody and nothing by that name."}</p>}
      </Modal.Content>
    </Modal.Root>
  );
}

function useHits(typed: string, patients: readonly PatientLine[]): Hit[] {
  const navigate = useNavigate();
  const person = usePerson();
  const units = useQuery(boardsQuery).data?.units ?? [];
  const matches = (text: string) => text.toLowerCase().includes(typed.toLowerCase());
  return [
    ...(typed ? patients : []).map((each) => ({
      id: each.id,
      group: "Patients",
      title: each.outside ? each.number : each.name,
      context: contextOf(each),
      open: () => void navigate({ to: "/patients/$id", params: { id: each.id } }),
    })),
    ...units
      .filter((each) => matches(each.label))
      .map((each) => ({
        id: `unit-${each.unit}`,
        group: "Units",
        title: each.label,
        context: `${each.patients} patients`,
        open: () => void navigate({ to: "/board", search: { unit: each.unit } }),
      })),
    ...pagesFor(person.roles)
      .filter((each) => matches(each.word))
      .map((each) => ({
        id: `page-${each.key}`,
        group: "Pages",
        title: each.word,
        context: `g ${each.key}`,
        open: () => void navigate({ to: each.to }),
      })),
  ];
}

function contextOf(patient: PatientLine): string {
  if (patient.outside) return "outside your units: open with a reason";
  return [patient.number, patient.unit, patient.bed && `bed ${patient.bed}`, !patient.is_in && "discharged"].filter(Boolean).join(", ");
}
