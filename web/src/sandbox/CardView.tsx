/** One card as the EHR shows it: how urgent, one line, why, and what can be done about it here. */

import { useState } from "react";
import type { Severity } from "@/api/types";
import { SeverityMark } from "@/design/SeverityMark";
import { Detail } from "@/sandbox/Detail";
import styles from "@/sandbox/Sandbox.module.css";
import type { ShownCard, Suggestion } from "@/sandbox/types";

const MARKS: Record<string, [Severity, string]> = {
  critical: ["high", "Critical"],
  warning: ["medium", "Warning"],
  info: ["none", "Information"],
};

interface Props {
  shown: ShownCard;
  onAccept: (suggestion: Suggestion) => void;
  onOverride: () => void;
}

export function CardView({ shown: { card, answer }, onAccept, onOverride }: Props) {
  const [open, setOpen] = useState(card.indicator === "critical");
  const [severity, word] = MARKS[card.indicator] ?? ["none", "Information"];
  return (
    <article className={styles.card} data-indicator={card.indicator} data-answered={Boolean(answer)} aria-label={card.summary}>
      <div className={styles.cardHead}>
        <SeverityMark severity={severity} word={word} seen={severity === "none" ? undefined : Boolean(answer)} state={answer ?? ""} />
        <h3>{card.summary}</h3>
      </div>
      {open && card.detail && (
        <div className={styles.detail}>
          <Detail text={card.detail} />
        </div>
      )}
      <footer className={styles.cardFoot}>
        {answer ? (
          <p className="fine" role="status">
            {answer}
          </p>
        ) : (
          <>
            {card.suggestions?.map((each) => (
              <button key={each.uuid} type="button" className="button" onClick={() => onAccept(each)}>
                {each.label}
              </button>
            ))}
            {card.overrideReasons && (
              <button type="button" className="button" onClick={onOverride}>
                Override
              </button>
            )}
          </>
        )}
        {card.detail && (
          <button type="button" className="link" aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? "Less" : "Why"}
          </button>
        )}
        {card.links?.map((each) => (
          <a key={each.url} className="link" href={each.url}>
            {each.label}
          </a>
        ))}
      </footer>
    </article>
  );
}
