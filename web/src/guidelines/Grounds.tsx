/** What stands below the steps of a card: what to watch, what comes after, and who says so. */

import styles from "@/guidelines/Guidelines.module.css";
import type { Guideline, Watch } from "@/guidelines/types";

export function Grounds({ card }: { card: Guideline }) {
  return (
    <>
      <div className={styles.two}>
        <Watching title="Monitoring" watches={card.monitoring} />
        <Watching title="Follow-up" watches={card.follow_up} />
      </div>
      <section className={styles.part} aria-label="Sources">
        <h3>Sources</h3>
        <ul className={styles.sources}>
          {card.sources.map((each) => (
            <li key={each.id}>
              {each.body}. {each.title}. {each.year}. {each.reference && `${each.reference}. `}
              <small>{each.read ? "Read." : "Recalled: its text was not at hand."}</small>
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}

function Watching({ title, watches }: { title: string; watches: readonly Watch[] }) {
  if (watches.length === 0) return null;
  return (
    <section className={styles.part} aria-label={title}>
      <h3>{title}</h3>
      <dl className={styles.watches}>
        {watches.map((each) => (
          <div key={each.what}>
            <dt>{each.what}</dt>
            <dd>
              {each.often}
              {each.why && ` – ${each.why}`}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** One sentence on how far a card may be relied on. */
export function Standing({ card }: { card: Pick<Guideline, "standing" | "origin" | "owner" | "version"> }) {
  const from = card.origin === "site" ? `This hospital’s own${card.owner ? `, ${card.owner}` : ""}.` : "Came with Wardline.";
  return (
    <p className={styles.standing}>
      <b>{card.standing === "verified" ? "Verified" : "Provisional"}</b>{" "}
      {card.standing === "verified"
        ? "against the sources below."
        : "Recalled from its sources: somebody here must read it against them before it is relied on."}{" "}
      {from} Version {card.version}.
    </p>
  );
}
