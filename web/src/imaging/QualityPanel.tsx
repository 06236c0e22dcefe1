/** Is the image good? The verdict first, and on one press every check behind it. */

import { useState } from "react";
import styles from "@/imaging/Case.module.css";
import type { Study } from "@/imaging/types";
import { VERDICTS } from "@/imaging/words";
import { clock } from "@/time/clock";
import { moment } from "@/time/words";

export function QualityPanel({ study }: { study: Study }) {
  const quality = study.assessment;
  const [open, setOpen] = useState(quality?.verdict !== "accept");
  if (!quality)
    return (
      <section className={`panel ${styles.quality}`} aria-label="Quality">
        <header>
          <h2>Quality: not checked yet</h2>
        </header>
      </section>
    );
  const good = quality.checks.filter(({ ok }) => ok).length;
  return (
    <section className={`panel ${styles.quality}`} aria-label="Quality">
      <header>
        <Sign verdict={quality.verdict} />
        <h2>Quality: {VERDICTS[quality.verdict]}</h2>
        <p className="fine">
          {good} of {quality.checks.length} checks, {moment(quality.checked_at, clock.now())}
        </p>
        <button type="button" className="link" aria-expanded={open} onClick={() => setOpen(!open)}>
          Why
        </button>
      </header>
      {open && (
        <dl>
          {quality.checks.map(({ name, value, ok, reason }) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                {ok === false ? <b>{value || "not good"}</b> : (ok ?? value) ? value : "– could not be checked"}
                {ok !== true && reason && <p>{reason}</p>}
              </dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}

function Sign({ verdict }: { verdict: "accept" | "repeat" }) {
  return (
    <svg
      width="18"
      height="18"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <circle cx="12" cy="12" r="9.5" />
      {verdict === "accept" ? <path d="m7.5 12.5 3 3 6-7" /> : <path d="M12 7v6M12 16.5v.01" />}
    </svg>
  );
}
