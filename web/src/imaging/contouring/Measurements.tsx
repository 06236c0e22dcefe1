/** What was measured by hand and stands with the study: the server's numbers, one line each. A press goes there. */

import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Problem } from "@/design/Problem";
import styles from "@/imaging/Case.module.css";
import { removeMeasurement } from "@/imaging/contouring/queries";
import type { Kept } from "@/imaging/contouring/types";
import { shownValue, SHAPES } from "@/imaging/contouring/words";
import { afterMeasuring } from "@/imaging/queries";
import type { Study } from "@/imaging/types";
import { clock } from "@/time/clock";
import { moment } from "@/time/words";

interface Props {
  study: Study;
  chosen: string | undefined;
  onChoose: (key: string) => void;
}

export function Measurements({ study, chosen, onChoose }: Props) {
  const known = useQueryClient();
  const [failed, setFailed] = useState<unknown>(null);
  const remove = async (id: string) => {
    setFailed(null);
    try {
      await removeMeasurement(study.uid, id);
    } catch (error) {
      setFailed(error);
    }
    await afterMeasuring(known, study);
  };
  if (study.marks.length === 0) return null;
  return (
    <section className={`panel ${styles.lesions}`} aria-label="Measured by hand">
      <header>
        <h2>Measured by hand</h2>
        <p className="fine">A press goes there. Reports can take these numbers.</p>
      </header>
      {failed !== null && <Problem error={failed} safe="The measurement stands as it was." />}
      <div className={styles.scroll} tabIndex={0} role="group" aria-label="Table of measurements">
        <table>
          <thead>
            <tr>
              <th scope="col">
                <span className="spoken">Key</span>
              </th>
              <th scope="col">What</th>
              <th scope="col" className={styles.start}>
                Values
              </th>
              <th scope="col">By</th>
              {study.may.draw && (
                <th scope="col">
                  <span className="spoken">Remove</span>
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {study.marks.map((mark) => (
              <tr key={mark.id} data-chosen={mark.id === chosen || undefined} onClick={() => onChoose(mark.id)}>
                <td>
                  <button type="button" className={styles.chip} aria-pressed={mark.id === chosen} onClick={() => onChoose(mark.id)}>
                    {mark.id}
                  </button>
                </td>
                <td>{[SHAPES[mark.kind], mark.label].filter(Boolean).join(", ")}</td>
                <td className={styles.start}>
                  {values(mark)}
                  {!mark.is_current && <span className={styles.how}>its images have changed since: no report takes it</span>}
                </td>
                <td>
                  {mark.by}, {moment(mark.at, clock.now())}
                </td>
                {study.may.draw && (
                  <td>
                    <button
                      type="button"
                      className="link"
                      aria-label={`Remove ${mark.id}`}
                      onClick={(event) => {
                        event.stopPropagation();
                        void remove(mark.id);
                      }}
                    >
                      Remove
                    </button>
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

/** The first, which names the mark, in bold; the others with their names. */
function values({ values: [first, ...others] }: Kept) {
  return (
    <>
      <b>{shownValue(first)}</b>
      {others.map((each) => (
        <span key={each.id}>{`, ${each.name} ${shownValue(each)}`}</span>
      ))}
    </>
  );
}
