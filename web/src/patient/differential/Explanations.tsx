/** The ranked list: how likely each explanation is now, how likely it was with the record alone, and the reasons. */

import styles from "@/patient/differential/Differential.module.css";
import type { Evidence, Explanation, Picture } from "@/patient/differential/types";
import { percent, times, urgencyWord } from "@/patient/differential/words";

const OPEN = 2;

export function Explanations({ picture, recorded }: { picture: Picture; recorded: Picture | undefined }) {
  const earlier = new Map(recorded?.differential.map((each) => [each.id, each.probability]));
  return (
    <section className={`panel ${styles.list}`} aria-label="Explanations">
      <h2>
        What explains it <small>share of such patients; line: with the record alone</small>
      </h2>
      <p className={styles.enough} role="status">
        {picture.not_enough ? (
          <>
            <b>Not enough to go on:</b> {picture.not_enough}. The shares below are those of patients who come with this.
          </>
        ) : (
          <>{picture.answered.length} findings are known. What nobody stated is unknown, not absent.</>
        )}
      </p>
      <ol>
        {picture.differential.map((each, place) => (
          <Row key={each.id} each={each} earlier={earlier.get(each.id) ?? each.before} open={place < OPEN} />
        ))}
      </ol>
    </section>
  );
}

function Row({ each, earlier, open }: { each: Explanation; earlier: number; open: boolean }) {
  const moved = Math.round((each.probability - earlier) * 100);
  const reasons = each.evidence_for.length + each.evidence_against.length;
  return (
    <li className={styles.row}>
      <div className={styles.head}>
        <div>
          <b>{each.name}</b> {each.code && <small>{each.code}</small>}{" "}
          {urgencyWord(each) && <span className={styles.urgency}>{urgencyWord(each)}</span>}
        </div>
        <output>
          {percent(each.probability)}
          {moved !== 0 && (
            <small>
              {" "}
              {moved > 0 ? "up" : "down"} from {percent(earlier)}
            </small>
          )}
        </output>
      </div>
      <div className={styles.bar} aria-hidden="true">
        <i style={{ width: `${each.probability * 100}%` }} />
        <s style={{ left: `${earlier * 100}%` }} />
      </div>
      {reasons > 0 && (
        <details open={open}>
          <summary>
            {each.evidence_for.length} for, {each.evidence_against.length} against
          </summary>
          <Reasons title="For" lines={each.evidence_for} />
          <Reasons title="Against" lines={each.evidence_against} />
        </details>
      )}
      {each.without_figure > 0 && (
        <p className={styles.fine}>
          For {each.without_figure} {each.without_figure === 1 ? "finding" : "findings"} no figure is published here
          {each.urgency === "emergency" ? "; an emergency keeps its distance to the likeliest explanation then" : ""}.
        </p>
      )}
    </li>
  );
}

function Reasons({ title, lines }: { title: string; lines: Evidence[] }) {
  if (lines.length === 0) return null;
  return (
    <div className={styles.reasons}>
      <b>{title}</b>
      <ul aria-label={title}>
        {lines.map((line) => (
          <li key={line.question}>
            <span>
              {line.words}: {line.answer}
            </span>
            <span>
              {times(line.ratio)} <small>{line.source}</small>
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
