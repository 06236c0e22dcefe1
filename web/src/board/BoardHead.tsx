/** The heads of the table: the columns with their widths, and the two groups with their counts. */

import styles from "@/board/Board.module.css";
import type { Columns } from "@/board/BoardRow";

/** Columns of every width: bed, patient, needs action, score, what changed, vital signs, task. */
const ALWAYS_THERE = 7;

export const columnsShown = (columns: Columns): number => ALWAYS_THERE + Number(columns.trend) + Number(columns.nurse);

export function Head({ title, columns }: { title: string; columns: Columns }) {
  return (
    <>
      <colgroup>
        <col className={styles.bedColumn} />
        <col className={styles.patientColumn} />
        <col className={styles.actionColumn} />
        <col className={styles.scoreColumn} />
        {columns.trend && <col className={styles.trendColumn} />}
        <col />
        <col className={styles.vitalsColumn} />
        <col className={styles.taskColumn} />
        {columns.nurse && <col className={styles.nurseColumn} />}
      </colgroup>
      <thead>
        <tr>
          <th scope="col">Bed</th>
          <th scope="col">Patient</th>
          <th scope="col">Needs action</th>
          <th scope="col">{title}</th>
          {columns.trend && <th scope="col">24 hours to now</th>}
          <th scope="col">What changed</th>
          <th scope="col">Age of vital signs</th>
          <th scope="col">Open task</th>
          {columns.nurse && <th scope="col">Nurse</th>}
        </tr>
      </thead>
    </>
  );
}

interface GroupProps {
  name: string;
  said: string;
  span: number;
  waiting?: number;
  onTakeUp?: () => void;
}

export function Group({ name, said, span, waiting = 0, onTakeUp }: GroupProps) {
  return (
    <tr className={styles.group}>
      <th scope="rowgroup" colSpan={span}>
        <span>{name}</span> <small>{said}</small>
        {waiting > 0 && (
          <button type="button" className={styles.waiting} onClick={onTakeUp}>
            {waiting === 1 ? "1 row would move" : `${waiting} rows would move`}, show
          </button>
        )}
      </th>
    </tr>
  );
}
