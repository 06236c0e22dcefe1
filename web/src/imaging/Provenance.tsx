/** Where the uptake values come from: dose, times, weight, and which rule chose them; or which tag stands in the way. */

import { useState } from "react";
import styles from "@/imaging/Case.module.css";
import { kindsOf } from "@/imaging/kinds";
import type { Study } from "@/imaging/types";
import { seriesName } from "@/imaging/words";

export function Provenance({ study }: { study: Study }) {
  const pets = study.series.filter(({ modality }) => modality === "PT");
  if (pets.length === 0) return null;
  const reason = study.answers.find(({ capability }) => capability === "suv")?.reason ?? "";
  return (
    <section className={`panel ${styles.provenance}`} aria-label="Uptake values">
      <header>
        <h2>Uptake values</h2>
      </header>
      {pets.map((series) => (
        <One key={series.uid} name={seriesName(series)} suv={series.suv} reason={reason} />
      ))}
    </section>
  );
}

/** Six figures say where a number comes from; activity is spoken of in megabecquerels. */
function measured(value: string | number, unit: string): string {
  if (typeof value === "string") return [value, unit].filter(Boolean).join(" ");
  const [shown, word] = unit === "Bq" ? [value / 1e6, "MBq"] : [value, unit === "1" ? "" : unit];
  return `${Number(shown.toPrecision(6))} ${word}`.trim();
}

interface OneProps {
  name: string;
  suv: Study["series"][number]["suv"];
  /** Why no series of the study has one, where that is so. */
  reason: string;
}

function One({ name, suv, reason }: OneProps) {
  const [open, setOpen] = useState(false);
  const refused = suv ? suv.refused : reason;
  if (!suv && !refused) return <p className={styles.said}>{name}: not measured yet. Values are shown as the scanner sent them.</p>;
  if (!suv || refused)
    return (
      <p className={styles.said} role="note">
        {name}: <b>no SUV.</b> {refused}. Values are shown as the scanner sent them.
      </p>
    );
  return (
    <div className={styles.said}>
      <p>
        {name}:{" "}
        {kindsOf(suv)
          .map(({ label }) => label)
          .join(", ")}
        .{" "}
        <button type="button" className="link" aria-expanded={open} onClick={() => setOpen(!open)}>
          Why these numbers
        </button>
      </p>
      {suv.warnings.map((each) => (
        <p key={each}>
          <b>{each}</b>
        </p>
      ))}
      {open && (
        <dl>
          {suv.provenance.map(({ what, value, unit, source }) => (
            <div key={what}>
              <dt>{what}</dt>
              <dd>
                {measured(value, unit)}
                <p>{source}</p>
              </dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}
