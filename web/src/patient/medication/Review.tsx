/** Medication review: is this safe for this patient, and what would the drug somebody is about to order change? */

import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { Problem } from "@/design/Problem";
import { Skeleton } from "@/design/Skeleton";
import { usePatientSearch } from "@/patient/asOf";
import { Changes } from "@/patient/medication/Changes";
import { Grid } from "@/patient/medication/Grid";
import { Problems } from "@/patient/medication/Problems";
import { reviewQuery, whatIfQuery } from "@/patient/medication/queries";
import styles from "@/patient/medication/Review.module.css";
import type { MedicationReview } from "@/patient/medication/types";
import { counted } from "@/patient/medication/words";

const TYPING_MS = 300;

export function Review({ patient }: { patient: string }) {
  const { search } = usePatientSearch();
  const [typed, setTyped] = useState("");
  const [stopped, setStopped] = useState<readonly string[]>([]);
  const [open, setOpen] = useState<string>();
  const [said] = useDebouncedValue(typed, TYPING_MS);
  const whatIf = useMemo(() => ({ medications: drugsIn(said), stop: [...stopped] }), [said, stopped]);
  const supposing = whatIf.medications.length + whatIf.stop.length > 0;
  const now = useQuery(reviewQuery(patient, search.as_of));
  const then = useQuery({ ...whatIfQuery(patient, whatIf, search.as_of), enabled: supposing });
  const error = supposing ? (then.error ?? now.error) : now.error;
  const shown = supposing ? (then.data ?? now.data) : now.data;
  if (error && !shown) return <Problem error={error} again={() => void now.refetch()} />;
  const toggle = (order: string) =>
    setStopped((before) => (before.includes(order) ? before.filter((each) => each !== order) : [...before, order]));
  const reset = () => {
    setTyped("");
    setStopped([]);
  };
  return (
    <section className={`panel ${styles.review}`} aria-label="Medication review">
      <header>
        <h2>
          Medication review <small>{shown ? `${shown.drugs.length} drugs, ${counted(shown)}` : "checking"}</small>
        </h2>
        <label className={styles.try}>
          <span>What if you order</span>
          <input
            type="text"
            value={typed}
            placeholder="for example ibuprofen 400 mg"
            maxLength={200}
            autoComplete="off"
            onChange={(event) => setTyped(event.target.value)}
          />
        </label>
      </header>
      {supposing && shown && then.data && <Changes review={then.data} stopped={stopped.length} onReset={reset} />}
      {error && <p className={styles.unsure}>{error.message}</p>}
      {!shown ? (
        <p className={styles.waiting}>
          <Skeleton width="60%" />
        </p>
      ) : (
        <>
          <Unsure review={shown} />
          <Grid
            review={shown}
            before={now.data}
            stopped={stopped}
            onStop={toggle}
            open={open}
            onOpen={(place) => {
              setOpen(place);
              document.getElementById(`problem ${place}`)?.scrollIntoView({ block: "nearest" });
            }}
          />
          <Problems review={shown} open={open} onOpen={setOpen} />
        </>
      )}
    </section>
  );
}

/** Several may be typed, apart by commas or semicolons. */
const drugsIn = (typed: string): string[] =>
  typed
    .split(/[;,]/)
    .map((each) => each.trim())
    .filter((each) => each.length > 2);

/** What was not checked, said before anything that was: a gap must not look like safety. */
function Unsure({ review }: { review: MedicationReview }) {
  const needs = new Map<string, string[]>();
  for (const each of review.not_checked) needs.set(each.needs, [...(needs.get(each.needs) ?? []), each.drug]);
  const lines = [
    review.unrecognised.length > 0 && `Not recognised, so not checked: ${review.unrecognised.join(", ")}.`,
    review.unrecognised_allergies.length > 0 && `Allergies not recognised, so not checked: ${review.unrecognised_allergies.join(", ")}.`,
    !review.allergies_known && "Nothing is recorded about allergies. That does not mean that there are none.",
    needs.size > 0 &&
      `Not fully checked, because it is not known: ${[...needs].map(([what, drugs]) => `${what} (${[...new Set(drugs)].join(", ")})`).join("; ")}.`,
    review.restricted > 0 && "Some facts of this record are not shown to you; this review does not know them.",
  ].filter((line): line is string => typeof line === "string");
  if (lines.length === 0) return null;
  return (
    <ul className={styles.unsure} aria-label="What was not checked">
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}
