/** From the question to the signature: what must be known first, then the report. */

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { ApiProblem } from "@/api/problem";
import { Problem } from "@/design/Problem";
import { Skeleton } from "@/design/Skeleton";
import { Checklist } from "@/imaging/report/Checklist";
import { caseQuery, draftReport, openCase } from "@/imaging/report/queries";
import styles from "@/imaging/report/Report.module.css";
import { ReportPanel } from "@/imaging/report/ReportPanel";
import type { Branch, Case } from "@/imaging/report/types";
import type { Study } from "@/imaging/types";

interface Props {
  study: Study;
  patient: string;
  lesion: string | undefined;
  onLesion: (key: string) => void;
}

const BRANCHES: Record<Branch, string> = {
  oncology: "Oncology",
  pulmonology: "Pulmonology",
  cardiology: "Cardiology",
  neurology: "Neurology",
  general: "General",
};

export function CasePanel({ study, patient, lesion, onLesion }: Props) {
  const { data, error, refetch } = useQuery(caseQuery(study.uid, patient));
  if (error instanceof ApiProblem && error.status === 403) return null;
  if (error && data === undefined) return <Problem error={error} again={() => void refetch()} />;
  if (data === undefined) return <Skeleton width="60%" />;
  if (data === null) return <OpenCase study={study} patient={patient} />;
  return (
    <>
      <Checklist one={data} patient={patient} />
      {data.report ? (
        <ReportPanel id={data.report} patient={patient} lesion={lesion} onLesion={onLesion} />
      ) : (
        <Draft one={data} patient={patient} study={study} />
      )}
      {data.not_valid && data.not_valid.report !== data.report && (
        <ReportPanel id={data.not_valid.report} patient={patient} lesion={lesion} onLesion={onLesion} />
      )}
    </>
  );
}

/** Nobody has asked anything of this study yet. */
function OpenCase({ study, patient }: { study: Study; patient: string }) {
  const known = useQueryClient();
  const [branch, setBranch] = useState<Branch>(study.modalities.includes("PT") ? "oncology" : "general");
  const [question, setQuestion] = useState("");
  const [failed, setFailed] = useState<unknown>(null);
  const open = async (event: FormEvent) => {
    event.preventDefault();
    try {
      known.setQueryData(caseQuery(study.uid, patient).queryKey, await openCase(study.uid, branch, question.trim()));
    } catch (error) {
      setFailed(error);
    }
  };
  return (
    <section className={`panel ${styles.report}`} aria-label="Case">
      <header>
        <h2>Report</h2>
        <p className="fine">A case begins with a question.</p>
      </header>
      <form className={styles.form} onSubmit={(event) => void open(event)}>
        <label>
          <span>Question</span>
          <input value={question} required maxLength={500} onChange={(event) => setQuestion(event.currentTarget.value)} />
        </label>
        <label>
          <span>Branch</span>
          <select className="button" value={branch} onChange={(event) => setBranch(event.currentTarget.value as Branch)}>
            {Object.entries(BRANCHES).map(([each, word]) => (
              <option key={each} value={each}>
                {word}
              </option>
            ))}
          </select>
        </label>
        <button type="submit" className="button main" disabled={question.trim() === ""}>
          Open the case
        </button>
      </form>
      {failed !== null && <Problem error={failed} />}
    </section>
  );
}

function Draft({ one, patient, study }: { one: Case; patient: string; study: Study }) {
  const known = useQueryClient();
  const [failed, setFailed] = useState<unknown>(null);
  const draft = async () => {
    try {
      await draftReport(one.case);
      await known.invalidateQueries({ queryKey: caseQuery(study.uid, patient).queryKey });
    } catch (error) {
      setFailed(error);
    }
  };
  return (
    <section className={`panel ${styles.report}`} aria-label="Report">
      <header>
        <h2>Report</h2>
        <p className="fine">{one.question}</p>
      </header>
      <p className={styles.foot}>
        {one.may.write ? (
          <button type="button" className="button main" onClick={() => void draft()}>
            Draft from the measurements
          </button>
        ) : (
          "No report yet. Doctors and radiologists write it."
        )}
      </p>
      {failed !== null && <Problem error={failed} />}
    </section>
  );
}
