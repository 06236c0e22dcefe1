/** The grid of the review: drugs down, checks across, a mark where something is wrong. On a phone the list below says it all. */

import { SeverityShape } from "@/design/SeverityMark";
import styles from "@/patient/medication/Review.module.css";
import type { DrugProblem, MedicationReview, ReviewedDrug } from "@/patient/medication/types";
import { COLUMNS, type Column, gap, placeOf, question, SEVERITY_WORDS } from "@/patient/medication/words";

interface Props {
  review: MedicationReview;
  /** The review without the what-if, for the drugs that would be stopped. */
  before: MedicationReview | undefined;
  stopped: readonly string[];
  onStop: (order: string) => void;
  open: string | undefined;
  onOpen: (place: string) => void;
}

export function Grid({ review, before, stopped, onStop, open, onOpen }: Props) {
  const gone = (before?.drugs ?? []).filter((each) => stopped.includes(each.order));
  return (
    <div className={styles.grid}>
      <table aria-label="Drugs and checks">
        <thead>
          <tr>
            <th scope="col">Drug</th>
            {COLUMNS.map((column) => (
              <th key={column.title} scope="col">
                {column.title}
              </th>
            ))}
            <th scope="col">What if</th>
          </tr>
        </thead>
        <tbody>
          {[...review.drugs, ...gone].map((drug, place) => (
            <Row
              key={`${drug.order} ${place}`}
              drug={drug}
              review={review}
              stopped={gone.includes(drug)}
              onStop={onStop}
              open={open}
              onOpen={onOpen}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface RowProps {
  drug: ReviewedDrug;
  review: MedicationReview;
  stopped: boolean;
  onStop: (order: string) => void;
  open: string | undefined;
  onOpen: (place: string) => void;
}

function Row({ drug, review, stopped, onStop, open, onOpen }: RowProps) {
  const known = drug.substances.length > 0;
  return (
    <tr data-new={drug.is_new || undefined} data-stopped={stopped || undefined}>
      <th scope="row">
        {drug.what}
        <small>
          {[drug.dose, drug.route, drug.frequency].filter(Boolean).join(", ")}
          {drug.is_new && " what if"}
          {stopped && " stopped, what if"}
        </small>
      </th>
      {COLUMNS.map((column) => (
        <td key={column.title}>
          {stopped ? (
            <Rest words="stopped" />
          ) : known ? (
            <Marks column={column} drug={drug} review={review} open={open} onOpen={onOpen} />
          ) : (
            <Rest sign="?" words="not checked: the drug was not recognised" />
          )}
        </td>
      ))}
      <td>
        {drug.order && !drug.is_new && (
          <button type="button" className={styles.stop} aria-pressed={stopped} onClick={() => onStop(drug.order)}>
            {stopped ? "Stopped" : "Stop"}
            <span className="spoken"> {drug.what}</span>
          </button>
        )}
      </td>
    </tr>
  );
}

interface MarksProps {
  column: Column;
  drug: ReviewedDrug;
  review: MedicationReview;
  open: string | undefined;
  onOpen: (place: string) => void;
}

function Marks({ column, drug, review, open, onOpen }: MarksProps) {
  const found = review.problems.filter((each) => column.kinds.includes(each.kind) && concerns(each, drug));
  const unsure = gap(review, drug, column);
  if (found.length === 0) return unsure ? <Rest sign="?" words={unsure} /> : <Rest words="nothing found" />;
  return (
    <span className={styles.marks}>
      {found.map((problem) => {
        const isNew = review.new_problems?.includes(question(problem)) ?? false;
        return (
          <button
            key={placeOf(problem)}
            type="button"
            className={styles.mark}
            data-standing={problem.standing}
            aria-pressed={open === placeOf(problem)}
            aria-label={`${SEVERITY_WORDS[problem.severity]}: ${problem.summary}${isNew ? ", new" : ""}`}
            title={problem.summary}
            onClick={() => onOpen(placeOf(problem))}
          >
            {problem.severity !== "none" && <SeverityShape severity={problem.severity} filled={problem.standing === "verified" && isNew} />}
          </button>
        );
      })}
    </span>
  );
}

const concerns = (problem: DrugProblem, drug: ReviewedDrug): boolean =>
  problem.orders.includes(drug.order) && problem.drugs.some((name) => drug.substances.includes(name));

function Rest({ sign = "–", words }: { sign?: string; words: string }) {
  return (
    <span className={styles.rest} title={words}>
      <i aria-hidden="true">{sign}</i>
      <span className="spoken">{words}</span>
    </span>
  );
}
