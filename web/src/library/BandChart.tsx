/** A score's bands drawn like the published chart, with the points on top and what was given falling into its cell. */

import styles from "@/library/BandChart.module.css";
import { type Cell, type ChartRow, counts, drawn, hit } from "@/library/chart";
import type { Assessed, Question, WholeCapability } from "@/library/types";
import { valueWords } from "@/library/words";
import { unitShown } from "@/patient/values";

interface Props {
  capability: WholeCapability;
  question: Question;
  answer: Assessed | undefined;
}

export function BandChart({ capability, question, answer }: Props) {
  const { rows, left, right } = drawn(capability);
  const columns = Array.from({ length: left + right + 1 }, (_, place) => place - left);
  return (
    <section className={`panel ${styles.panel}`} aria-label="Bands">
      <h2>
        Bands <small>points for each value; what you try falls into the framed cell</small>
      </h2>
      <table className={styles.chart}>
        <thead>
          <tr>
            <th scope="col">Input</th>
            {columns.map((column) => (
              <th key={column} scope="col" className={styles.points}>
                {Math.abs(column)}
                <span className="spoken"> points</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row key={row.id} row={row} columns={columns} capability={capability} question={question} answer={answer} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface RowProps extends Props {
  row: ChartRow;
  columns: readonly number[];
}

function Row({ row, columns, capability, question, answer }: RowProps) {
  const asked = counts(row, question, capability);
  const chosen = asked ? hit(row, answer) : undefined;
  const unit = capability.inputs.find((each) => each.name === row.input)?.unit ?? "";
  const reason = answer?.because?.find((each) => each.input === row.input);
  return (
    <tr data-row={row.id} data-other={!asked || undefined}>
      <th scope="row">
        {row.label} <small>{row.under || unitShown(unit)}</small>
      </th>
      {columns.map((column) => (
        <BandCell key={column} cell={row.cells.find((each) => each.column === column)} chosen={chosen} given={valueWords(reason?.value)} />
      ))}
    </tr>
  );
}

function BandCell({ cell, chosen, given }: { cell: Cell | undefined; chosen: Cell | undefined; given: string }) {
  if (!cell) return <td className={styles.none} />;
  const isHit = cell === chosen;
  return (
    <td>
      <span className={styles.cell} data-points={Math.min(3, cell.points)} data-hit={isHit || undefined}>
        {cell.labels.join(", ")}
        <i>
          {cell.points}
          <span className="spoken"> points</span>
        </i>
        {isHit && <span className="spoken">, given: {given}</span>}
      </span>
    </td>
  );
}
