/** What is going on with this patient, and why: one time axis for everything known, the answers with their reasons, and the alerts to act on. */

import { useParams } from "@tanstack/react-router";
import { useCallback, useEffect, useMemo } from "react";
import { createPortal } from "react-dom";
import type { PatientAlerts } from "@/api/types";
import { useNarrow } from "@/design/media";
import { Problem } from "@/design/Problem";
import { Alerts } from "@/patient/Alerts";
import { Headline, OtherAnswers } from "@/patient/Answers";
import { usePatientSearch } from "@/patient/asOf";
import { AskTab } from "@/patient/asking/AskTab";
import { DifferentialTab } from "@/patient/differential/DifferentialTab";
import { Documents } from "@/patient/Documents";
import { GuidelinesTab } from "@/patient/guidelines/GuidelinesTab";
import { ImagingTab } from "@/patient/imaging/ImagingTab";
import { useKnown } from "@/patient/known";
import { drugOrders, Medication } from "@/patient/Medication";
import { PastBanner } from "@/patient/PastBanner";
import { PatientFrame } from "@/patient/PatientFrame";
import styles from "@/patient/PatientPage.module.css";
import { PhoneVitals } from "@/patient/PhoneVitals";
import { PrivacyTab } from "@/patient/privacy/PrivacyTab";
import { Problems } from "@/patient/Problems";
import { type Tab, WHOLE } from "@/patient/search";
import { NAMES, Tabs } from "@/patient/Tabs";
import { Timeline } from "@/patient/timeline/Timeline";
import type { TimelineAnswer, WholePatient } from "@/patient/types";
import { WindowTools } from "@/patient/WindowTools";
import { useKeys } from "@/shell/keys";

export function PatientPage() {
  const { id } = useParams({ from: "/in/patients/$id" });
  const { search } = usePatientSearch();
  return (
    <PatientFrame id={id} asOf={search.as_of}>
      {(patient, news, below) => <Known patient={patient} news={news} below={below} />}
    </PatientFrame>
  );
}

interface KnownProps {
  patient: WholePatient;
  news: number;
  below: HTMLElement | null;
}

function Known({ patient, news, below }: KnownProps) {
  const { search, change, show } = usePatientSearch();
  const narrow = useNarrow();
  const { tab = "timeline", hours = 24, as_of: asOf } = search;
  const { at, axis, edge, timeline, hidden, alerts, moments } = useKnown(patient, asOf, hours, tab === "timeline");
  const past = at !== undefined;
  const back = useCallback(() => show(undefined), [show]);
  usePatientKeys(past, back);

  const shown = timeline.data;
  const answers = { patient, timeline: shown, at };
  const alertsBeside = tab !== "alerts" && <Alerts patient={patient.id} asOf={asOf} onAll={() => change({ tab: "alerts" })} />;
  return (
    <>
      {past && below && createPortal(<PastBanner at={at} hidden={hidden} news={news} onReturn={back} />, below)}
      <div className={styles.bar}>
        <Tabs
          tab={tab}
          onTab={(next) => change({ tab: next === "timeline" ? undefined : next })}
          counts={counts(patient, shown, alerts)}
          narrow={narrow}
        />
        {tab !== "problems" && tab !== "alerts" && tab !== "privacy" && !WHOLE.includes(tab) && !narrow && (
          <WindowTools
            hours={hours}
            onHours={(next) => change({ hours: next })}
            patient={patient}
            timeline={shown}
            drawn={tab === "timeline"}
          />
        )}
      </div>
      <div className={styles.page} data-fetching={timeline.isPlaceholderData || undefined} data-whole={WHOLE.includes(tab) || undefined}>
        {narrow && tab === "timeline" && (
          <div className={styles.side}>
            {alertsBeside}
            <Headline {...answers} />
          </div>
        )}
        <div className={styles.content} role="tabpanel" aria-label={NAMES[tab]}>
          {timeline.error && !shown && <Problem error={timeline.error} again={() => void timeline.refetch()} />}
          {tab === "timeline" && !narrow && (
            <Timeline
              axis={axis}
              answer={shown}
              edge={edge}
              past={past}
              moments={moments}
              onMoment={show}
              alerts={alerts}
              headline={patient.headline}
            />
          )}
          {tab === "timeline" && narrow && shown && <PhoneVitals answer={shown} edge={edge} past={past} />}
          {tab === "problems" && <Problems patient={patient} />}
          {tab === "documents" && shown && <Documents answer={shown} now={edge} />}
          {tab === "medication" && shown && <Medication patient={patient.id} answer={shown} now={edge} />}
          {tab === "imaging" && <ImagingTab patient={patient.id} />}
          {tab === "differential" && <DifferentialTab patient={patient} />}
          {tab === "guidelines" && <GuidelinesTab patient={patient} />}
          {tab === "ask" && <AskTab patient={patient} />}
          {tab === "alerts" && <Alerts patient={patient.id} asOf={asOf} />}
          {tab === "privacy" && <PrivacyTab patient={patient} />}
        </div>
        {(!narrow || tab === "timeline") && !WHOLE.includes(tab) && (
          <div className={styles.side}>
            {!narrow && <Headline {...answers} />}
            {!narrow && alertsBeside}
            <OtherAnswers {...answers} />
          </div>
        )}
      </div>
    </>
  );
}

function counts(
  patient: WholePatient,
  timeline: TimelineAnswer | undefined,
  alerts: PatientAlerts | undefined,
): Partial<Record<Tab, number>> {
  return {
    problems: patient.problems.length,
    ...(timeline ? { documents: timeline.documents.length, medication: drugOrders(timeline).length } : {}),
    ...(alerts ? { alerts: alerts.open.length + alerts.history.length } : {}),
  };
}

function usePatientKeys(past: boolean, back: () => void): void {
  useKeys(useMemo(() => (past ? [{ keys: "n", says: "Return to now", group: "Patient", run: back }] : []), [past, back]));
  // What scrolls is the shell's page, which stays when one patient follows another.
  useEffect(() => {
    document.getElementById("page")?.scrollTo(0, 0);
  }, []);
}
