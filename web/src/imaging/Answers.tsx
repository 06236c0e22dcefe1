/** What programs said about the study, one line each, and which of them speak only here until the site has activated them. */

import styles from "@/imaging/Case.module.css";
import type { Answered, Study } from "@/imaging/types";

/** These have panels of their own. */
const ELSEWHERE = new Set(["image_quality", "suv", "prognosis"]);

export function Answers({ study }: { study: Study }) {
  const shown = study.answers.filter(({ capability }) => !ELSEWHERE.has(capability));
  if (shown.length === 0) return null;
  const silent = shown.some(({ active }) => !active);
  return (
    <section className={`panel ${styles.provenance}`} aria-label="Measured by programs">
      <header>
        <h2>Measured by programs</h2>
        {silent && <p className="fine">Silent: shown here only, until this site activates them.</p>}
      </header>
      <dl>
        {shown.map((each) => (
          <div key={each.capability}>
            <dt>
              {each.title}
              {each.standing !== "verified" && ` (${each.standing})`}
            </dt>
            <dd>{said(each)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function said({ outcome, summary, reason }: Answered) {
  if (outcome === "finding") return summary;
  return `– ${reason || summary || "no answer"}`;
}
