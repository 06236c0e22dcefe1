/** What a what-if would change: which problems it brings, which it ends. */

import styles from "@/patient/medication/Review.module.css";
import type { MedicationReview } from "@/patient/medication/types";
import { question } from "@/patient/medication/words";

interface Props {
  review: MedicationReview;
  stopped: number;
  onReset: () => void;
}

export function Changes({ review, stopped, onReset }: Props) {
  const brings = review.problems.filter((each) => review.new_problems?.includes(question(each)));
  const ends = review.solved_problems?.length ?? 0;
  const unknown = review.drugs.filter((each) => each.is_new && each.substances.length === 0).map((each) => each.what);
  return (
    <div className={styles.changes} role="status" aria-label="What would change">
      <p>
        <b>{brings.length === 0 ? "No new problem found" : brings.length === 1 ? "One new problem" : `${brings.length} new problems`}</b>
        {ends > 0 && `, ${ends} solved`}
        {stopped > 0 && `, with ${stopped} stopped`}
        {unknown.length > 0 && `. Not recognised, so not checked: ${unknown.join(", ")}`}. Nothing is ordered and nothing is kept.
      </p>
      <button type="button" className="button" onClick={onReset}>
        Back to what is
      </button>
    </div>
  );
}
