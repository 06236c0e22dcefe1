/** Studies, one line each: what it is, whether it is good, how far it has come. */

import { Link } from "@tanstack/react-router";
import styles from "@/imaging/Studies.module.css";
import type { StudyLine } from "@/imaging/types";
import { modalities, STATES, VERDICTS } from "@/imaging/words";
import { clock } from "@/time/clock";
import { moment } from "@/time/words";

interface Props {
  studies: readonly StudyLine[];
  /** With whose they are: left out on a patient's own page. */
  named?: boolean;
  onPlace?: (study: StudyLine) => void;
}

export function StudyTable({ studies, named = false, onPlace }: Props) {
  return (
    <div className={`panel ${styles.table}`}>
      <table aria-label="Studies">
        <thead>
          <tr>
            {named && <th scope="col">Patient</th>}
            <th scope="col">Study</th>
            <th scope="col">Taken</th>
            <th scope="col">Images</th>
            <th scope="col">Quality</th>
            <th scope="col">State</th>
          </tr>
        </thead>
        <tbody>
          {studies.map((study) => (
            <tr key={study.uid}>
              {named && (
                <td>
                  <b>{study.name || "Name not known"}</b>
                  <small>{study.number || "– no number"}</small>
                </td>
              )}
              <td>
                {study.patient === null ? (
                  modalities(study.modalities)
                ) : (
                  <Link to="/imaging/case" search={{ study: study.uid }}>
                    {modalities(study.modalities)}
                  </Link>
                )}
                <small>
                  {[study.description, study.accession && `accession ${study.accession}`].filter(Boolean).join(", ") || "– no description"}
                </small>
              </td>
              <td>{moment(study.started_at, clock.now())}</td>
              <td>{study.instances}</td>
              <td>{study.quality ? <b data-verdict={study.quality.verdict}>{VERDICTS[study.quality.verdict]}</b> : "– not checked"}</td>
              <td>
                {study.state === "unplaced" ? (
                  <b>
                    {STATES[study.state]}{" "}
                    {onPlace && (
                      <button type="button" className="link" onClick={() => onPlace(study)}>
                        Place
                      </button>
                    )}
                  </b>
                ) : (
                  STATES[study.state]
                )}
                {study.reason && study.state !== "analysed" && <small>{study.reason}</small>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
