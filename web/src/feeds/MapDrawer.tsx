/** Saying what a code means: the sample, the meaning, the unit, what will happen, and what has happened. */

import { Drawer } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useEffect, useState } from "react";
import { useNarrow } from "@/design/media";
import { Problem } from "@/design/Problem";
import styles from "@/feeds/Drawers.module.css";
import { map } from "@/feeds/queries";
import type { Concept, Mapping } from "@/feeds/types";
import type { Waiting } from "@/feeds/Unmapped";
import { consequence, MAPPING_IS, mayMap, outcome, sample } from "@/feeds/words";
import { usePerson } from "@/shell/person";

export default function MapDrawer({ waiting, onClose }: { waiting: Waiting; onClose: () => void }) {
  const { feed, code } = waiting;
  const narrow = useNarrow();
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size={narrow ? "100%" : 480}
      title={`What does “${code.text}” mean?`}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <dl className={styles.facts}>
        <dt>From</dt>
        <dd>{feed.label}</dd>
        <dt>Code as sent</dt>
        <dd>
          <code>{code.code}</code>
        </dd>
        <dt>So far</dt>
        <dd>{sample(code)}</dd>
      </dl>
      {mayMap(usePerson()) ? <Meaning waiting={waiting} onClose={onClose} /> : <p className={styles.why}>{MAPPING_IS}</p>}
    </Drawer>
  );
}

function Meaning({ waiting: { feed, code, concepts }, onClose }: { waiting: Waiting; onClose: () => void }) {
  const [id, setId] = useState(code.suggestion ?? "");
  const [unit, setUnit] = useState(code.unit);
  const [refused, setRefused] = useState("");
  const queries = useQueryClient();
  const concept = concepts.find((each) => each.id === id);
  const mapping = useMutation({
    mutationFn: (wanted: Mapping) => map(feed.name, wanted),
    onSettled: () => queries.invalidateQueries({ queryKey: ["feeds"] }),
  });
  const seconds = useSeconds(mapping.isPending);

  function decide(event: FormEvent): void {
    event.preventDefault();
    if (!concept) return setRefused("Choose what it means first.");
    mapping.mutate({ code: code.code, concept: concept.id, unit: unit.trim() });
  }

  if (mapping.data && concept)
    return (
      <div className={styles.form} role="status">
        <p className={styles.result}>{outcome(mapping.data, concept.name)}</p>
        <button type="button" className="button main" onClick={onClose} autoFocus>
          Done
        </button>
      </div>
    );
  return (
    <form className={styles.form} onSubmit={decide} noValidate>
      <Choice concepts={concepts} id={id} suggested={code.suggestion} refused={refused} onChosen={setId} />
      <label className={styles.field}>
        <b>Unit</b>
        <small>
          {code.unit
            ? "As the messages give it"
            : `The messages give none. It is read as ${concept?.unit || "the usual one"} if you write so.`}
        </small>
        <input
          type="text"
          value={unit}
          maxLength={60}
          onChange={(event) => setUnit(event.target.value)}
          placeholder={concept?.unit ?? ""}
        />
      </label>
      {concept && <p className={styles.consequence}>{consequence(feed.label, code, concept, unit.trim())}</p>}
      {mapping.error && <Problem error={mapping.error} safe="Nothing was changed, and the values are kept." />}
      <div className={styles.buttons}>
        <button type="button" className="button" onClick={onClose}>
          Cancel
        </button>
        <button type="submit" className="button main" disabled={mapping.isPending}>
          {mapping.isPending ? `Reading past messages, ${seconds} s` : "Map and read again"}
        </button>
      </div>
    </form>
  );
}

interface ChoiceProps {
  concepts: readonly Concept[];
  id: string;
  suggested: string | null;
  refused: string;
  onChosen: (id: string) => void;
}

function Choice({ concepts, id, suggested, refused, onChosen }: ChoiceProps) {
  const sorted = [...concepts].sort((one, other) => one.name.localeCompare(other.name));
  return (
    <label className={styles.field}>
      <b>Meaning</b>
      <small>{suggested ? "Suggested by its name. Confirm it or choose another." : "Nothing here has a name like it."}</small>
      <select value={id} onChange={(event) => onChosen(event.target.value)} aria-invalid={refused !== "" || undefined} data-autofocus>
        <option value="">Choose</option>
        {sorted.map((each) => (
          <option key={each.id} value={each.id}>
            {each.unit ? `${each.name}, ${each.unit}` : each.name}
          </option>
        ))}
      </select>
      {refused && !id && <strong role="alert">{refused}</strong>}
    </label>
  );
}

/** Counted while something runs. */
function useSeconds(running: boolean): number {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    if (!running) return undefined;
    setSeconds(0);
    const counting = setInterval(() => setSeconds((before) => before + 1), 1_000);
    return () => clearInterval(counting);
  }, [running]);
  return seconds;
}
