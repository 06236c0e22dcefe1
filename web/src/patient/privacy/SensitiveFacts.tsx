/** What in the record is sensitive, by the house's list or because somebody said so; and the label of the record as a whole. */

import { lazy, Suspense, useState } from "react";
import styles from "@/patient/privacy/Privacy.module.css";
import type { Fact } from "@/patient/privacy/ChooseFact";
import type { Consents } from "@/patient/privacy/types";
import sheets from "@/patient/Sheets.module.css";
import type { WholePatient } from "@/patient/types";
import { moment } from "@/time/words";

const LabelDialog = lazy(() => import("@/patient/privacy/LabelDialog"));
const ChooseFact = lazy(() => import("@/patient/privacy/ChooseFact"));

interface Props {
  consents: Consents;
  own: boolean;
  /** Where the chart is open as well, any fact on it can be labelled. */
  chart: WholePatient | undefined;
}

export function SensitiveFacts({ consents, own, chart }: Props) {
  const [labelling, setLabelling] = useState<Fact | null>(null);
  const [choosing, setChoosing] = useState(false);
  const title = (code: string) => consents.choices.labels.find((each) => each.code === code)?.title ?? code;
  const now = Date.parse(consents.as_of);
  if (own && consents.sensitive.length === 0) return null;
  return (
    <section className="panel" aria-labelledby="sensitive">
      <h2 id="sensitive" className={styles.head}>
        Sensitive in this record <small>{consents.sensitive.length}</small>
        {consents.may_label && chart && (
          <button type="button" className="button" onClick={() => setChoosing(true)}>
            Label a fact
          </button>
        )}
        {consents.may_label && !own && (
          <button
            type="button"
            className="button"
            onClick={() => setLabelling({ kind: "Patient", key: "", title: "The record as a whole", labels: consents.whole_record })}
          >
            Whole record
          </button>
        )}
      </h2>
      {consents.whole_record.length > 0 && (
        <p className={styles.whole}>
          <b>{consents.whole_record.map(title).join(", ")}.</b> Only the patient's own ward opens this record; lists show the bed without a
          name.
        </p>
      )}
      {consents.sensitive.length === 0 ? (
        <p className={sheets.none}>– nothing that you may see carries a label.</p>
      ) : (
        <table className={sheets.table}>
          <thead>
            <tr>
              <th scope="col">What</th>
              <th scope="col">Label</th>
              <th scope="col">Why</th>
              {consents.may_label && !own && (
                <th scope="col">
                  <span className="spoken">Change</span>
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {consents.sensitive.map((each) => (
              <tr key={`${each.kind} ${each.key}`}>
                <th scope="row">{each.title}</th>
                <td>{each.labels.map(title).join(", ")}</td>
                <td>
                  {each.source === "list" ? "By the house's list" : `${each.reason} (${each.by}, ${each.at ? moment(each.at, now) : ""})`}
                </td>
                {consents.may_label && !own && (
                  <td className={styles.change}>
                    <button type="button" className="link" onClick={() => setLabelling(each)}>
                      Change<span className="spoken"> the label of {each.title}</span>
                    </button>
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {choosing && chart && (
        <Suspense>
          <ChooseFact
            patient={chart}
            onClose={() => setChoosing(false)}
            onChosen={(fact) => {
              setChoosing(false);
              setLabelling(fact);
            }}
          />
        </Suspense>
      )}
      {labelling && (
        <Suspense>
          <LabelDialog patient={consents.patient} fact={labelling} choices={consents.choices} onClose={() => setLabelling(null)} />
        </Suspense>
      )}
    </section>
  );
}
