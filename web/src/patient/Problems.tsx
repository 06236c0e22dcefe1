/** Problems and diagnoses as they were stated, the newest first; and allergies with their reaction. */

import { Empty } from "@/design/Empty";
import styles from "@/patient/Sheets.module.css";
import type { WholePatient } from "@/patient/types";
import { moment } from "@/time/words";

export function Problems({ patient }: { patient: WholePatient }) {
  const now = Date.parse(patient.as_of);
  if (patient.problems.length + patient.allergies.length === 0) {
    return (
      <Empty title="No problem is recorded">
        <p>Diagnoses arrive with the admission feed (DG1), allergies with AL1 or IAM.</p>
      </Empty>
    );
  }
  return (
    <div className={styles.sheets}>
      <section className="panel" aria-label="Problems">
        <h2 className={styles.head}>
          Problems <small>{patient.problems.length}</small>
        </h2>
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">Problem</th>
              <th scope="col">Code</th>
              <th scope="col">Stated</th>
              <th scope="col">Status</th>
            </tr>
          </thead>
          <tbody>
            {[...patient.problems].reverse().map((each) => (
              <tr key={`${each.code} ${each.text} ${each.stated_at}`}>
                <th scope="row">{each.text || each.code}</th>
                <td>{each.code}</td>
                <td>{moment(each.stated_at, now)}</td>
                <td>{each.status || "open"}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <section className="panel" aria-label="Allergies">
        <h2 className={styles.head}>
          Allergies <small>{patient.allergies.length}</small>
        </h2>
        {patient.allergies.length === 0 && (
          <p className={styles.none}>– none recorded. That nothing is recorded does not mean that there is none.</p>
        )}
        {patient.allergies.length > 0 && (
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">To</th>
                <th scope="col">Reaction</th>
                <th scope="col">Severity</th>
                <th scope="col">Stated</th>
              </tr>
            </thead>
            <tbody>
              {patient.allergies.map((each) => (
                <tr key={`${each.code} ${each.text}`}>
                  <th scope="row">{each.text || each.code}</th>
                  <td>{each.reaction || "–"}</td>
                  <td>{each.severity || "–"}</td>
                  <td>{moment(each.stated_at, now)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </section>
    </div>
  );
}
