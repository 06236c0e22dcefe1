/** The report: each sentence bound to what it speaks of, what stands in the way of signing, and the signature. */

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Problem } from "@/design/Problem";
import { Skeleton } from "@/design/Skeleton";
import { addToReport, reportFile, reportQuery, saveReport, signReport, withdrawReport } from "@/imaging/report/queries";
import styles from "@/imaging/report/Report.module.css";
import { changed, confirmedWith, without } from "@/imaging/report/saving";
import { SectionPart } from "@/imaging/report/SectionPart";
import { SentenceForm } from "@/imaging/report/SentenceForm";
import type { OpenItem, Report, ReportState, Saving } from "@/imaging/report/types";
import { Banner, Withdraw } from "@/imaging/report/Withdraw";
import { save } from "@/patient/export/save";
import { clock } from "@/time/clock";
import { moment } from "@/time/words";

interface Props {
  id: string;
  patient: string;
  lesion: string | undefined;
  onLesion: (key: string) => void;
}

export function ReportPanel({ id, patient, lesion, onLesion }: Props) {
  const { data, error, refetch } = useQuery(reportQuery(id, patient));
  if (error && !data) return <Problem error={error} again={() => void refetch()} />;
  if (!data) return <Skeleton width="60%" />;
  return <Written report={data} patient={patient} lesion={lesion} onLesion={onLesion} />;
}

function Written({ report, patient, lesion, onLesion }: Omit<Props, "id"> & { report: Report }) {
  const known = useQueryClient();
  const [failed, setFailed] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const { queryKey } = reportQuery(report.report, patient);
  const act = async (what: () => Promise<Report>): Promise<boolean> => {
    setBusy(true);
    setFailed(null);
    try {
      const now = await what();
      known.setQueryData(queryKey, now);
      // Its case can have a new report, and the chart shows that this one is taken back.
      if (now.state === "withdrawn")
        await known.invalidateQueries({ queryKey: ["patient", patient], predicate: (one) => one.queryKey[2] !== "report" });
      return true;
    } catch (error) {
      setFailed(error);
      // Somebody else may have saved meanwhile: what stands there now is shown beside the refusal.
      await known.invalidateQueries({ queryKey });
      return false;
    } finally {
      setBusy(false);
    }
  };
  const keep = (what: Saving) => act(() => saveReport(report.report, what));
  const editable = report.state === "draft" && report.may.write;
  return (
    <section className={`panel ${styles.report}`} aria-label={report.state === "withdrawn" ? "Report, withdrawn" : "Report"}>
      <header>
        <h2>{HEADS[report.state]}</h2>
        <p className="fine">
          version {report.version}, saved {moment(report.saved_at, clock.now())} by {report.saved_by}
        </p>
        <button
          type="button"
          className="button"
          onClick={() => void reportFile(report.report).then((file) => save(`report-${report.report}.pdf`, file), setFailed)}
        >
          PDF
        </button>
      </header>
      <Banner report={report} />
      <div className={styles.sections}>
        {report.sections.map((section) => (
          <SectionPart
            key={section.id}
            section={section}
            report={report}
            patient={patient}
            lesion={lesion}
            onLesion={onLesion}
            onSave={editable ? (sentence, text, keys) => keep(changed(report, section.id, sentence, text, keys)) : undefined}
            onRemove={(sentence) => void keep(without(report, section.id, sentence))}
          />
        ))}
      </div>
      {failed !== null && <Problem error={failed} safe="What was saved before stands as it was." />}
      {report.open.length > 0 && (
        <OpenItems report={report} onLesion={onLesion} onConfirm={editable ? (key) => void keep(confirmedWith(report, key)) : undefined} />
      )}
      <Foot report={report} busy={busy} act={act} patient={patient} />
    </section>
  );
}

const HEADS: Record<ReportState, string> = {
  draft: "Report draft",
  signed: "Report, signed",
  waiting: "Report, not valid for now",
  withdrawn: "Report, withdrawn",
};

/** Each with what to do about it: what names a lesion goes there, a match is confirmed in place. */
function OpenItems({
  report,
  onLesion,
  onConfirm,
}: {
  report: Report;
  onLesion: (key: string) => void;
  onConfirm: ((key: string) => void) | undefined;
}) {
  return (
    <ul className={styles.open} aria-label="Open before signing">
      {report.open.map((item) => (
        <li key={`${item.code} ${item.section} ${item.sentence} ${item.key}`}>
          <p>{item.message}</p>
          {item.key !== "" && (
            <button type="button" className="link" onClick={() => onLesion(item.key)}>
              Show {item.key}
            </button>
          )}
          {item.code === "match" && onConfirm && (
            <button type="button" className="button" onClick={() => onConfirm(item.key)}>
              Confirm {item.key}
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}

interface FootProps {
  report: Report;
  busy: boolean;
  act: (what: () => Promise<Report>) => Promise<boolean>;
  patient: string;
}

function Foot({ report, busy, act, patient }: FootProps) {
  const [critical, setCritical] = useState(false);
  const [adding, setAdding] = useState(false);
  const items = report.open.length;
  if (report.state !== "draft")
    return (
      <footer className={styles.foot}>
        <ul>
          {report.signatures.map((each) => (
            <li key={each.version}>
              {each.addendum ? "Addendum" : "Signed"} by {each.by}, {moment(each.at, clock.now())}
              {each.critical && <b> Critical result: the clinicians were told.</b>}
            </li>
          ))}
        </ul>
        {report.state === "signed" && report.may.sign && !adding && (
          <button type="button" className="button" onClick={() => setAdding(true)}>
            Add an addendum
          </button>
        )}
        {report.may.withdraw && !adding && (
          <Withdraw
            report={report}
            busy={busy}
            onWithdraw={(reason, another) => act(() => withdrawReport(report.report, reason, another))}
          />
        )}
        {adding && (
          <SentenceForm
            report={report}
            patient={patient}
            text=""
            keys={[]}
            word="Sign the addendum"
            onCancel={() => setAdding(false)}
            onSave={async (text, keys) => {
              const done = await act(() => addToReport(report.report, text, keys));
              if (done) setAdding(false);
              return done;
            }}
          />
        )}
      </footer>
    );
  return (
    <footer className={styles.foot}>
      <p>Every number is bound to its lesion; when the measurement changes, the sentence follows.</p>
      {report.may.sign && (
        <>
          <label>
            <input type="checkbox" checked={critical} onChange={(event) => setCritical(event.currentTarget.checked)} /> Critical result:
            tell the clinicians now
          </label>
          <button
            type="button"
            className="button main"
            disabled={busy || items > 0}
            title={report.open.map(({ message }: OpenItem) => message).join(" ")}
            onClick={() => void act(() => signReport(report.report, report.version, critical))}
          >
            {items === 0 ? "Sign" : `Sign, ${items} ${items === 1 ? "item" : "items"} open`}
          </button>
        </>
      )}
    </footer>
  );
}
