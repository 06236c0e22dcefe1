/** What is going on with this patient, and why: one time axis for everything known, the answers with their reasons, and the alerts to act on. */

import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { type ReactNode, useCallback, useEffect, useMemo } from "react";
import { createPortal } from "react-dom";
import { Problem } from "@/design/Problem";
import { useNarrow } from "@/design/media";
import { Alerts } from "@/patient/Alerts";
import { Headline, OtherAnswers } from "@/patient/Answers";
import { useAxis, usePatientSearch } from "@/patient/asOf";
import { WINDOWS } from "@/patient/axis";
import { Documents } from "@/patient/Documents";
import { ExportMenu } from "@/patient/export/ExportMenu";
import { drugOrders, Medication } from "@/patient/Medication";
import { PastBanner } from "@/patient/PastBanner";
import { PatientFrame } from "@/patient/PatientFrame";
import styles from "@/patient/PatientPage.module.css";
import { PhoneVitals } from "@/patient/PhoneVitals";
import { Problems } from "@/patient/Problems";
import { alertsQuery, timelineQuery } from "@/patient/queries";
import { knownMoments } from "@/patient/rows";
import { type Tab, TABS } from "@/patient/search";
import { Timeline } from "@/patient/timeline/Timeline";
import type { TimelineAnswer, WholePatient } from "@/patient/types";
import { useKeys } from "@/shell/keys";

export function PatientPage() {
  const { id } = useParams({ from: "/in/patients/$id" });
  const { search } = usePatientSearch();
  return <PatientFrame id={id} asOf={search.as_of}>{(patient, news, below) => <Known patient={patient} news={news} below={below} />}</PatientFrame>;
}

const HOUR_MS = 3_600_000;

interface KnownProps {
  patient: WholePatient;
  news: number;
  below: HTMLElement | null;
}

function Known({ patient, news, below }: KnownProps) {
  const { search, change, show } = usePatientSearch();
  const narrow = useNarrow();
  const tab = search.tab ?? "timeline";
  const hours = search.hours ?? 24;
  const asOf = search.as_of;
  const at = asOf === undefined ? undefined : Date.parse(asOf);
  const axis = useAxis(hours, Date.parse(patient.now), at);

  // What the slider steps through is everything known at the end of the axis; what is shown is what was known at the moment chosen.
  const reaches = axis.until < axis.now ? new Date(axis.until).toISOString() : undefined;
  const outer = useQuery({ ...timelineQuery(patient.id, hours, reaches), placeholderData: same(patient.id), enabled: asOf === undefined || tab === "timeline" });
  const inner = useQuery({
    ...timelineQuery(patient.id, at === undefined ? hours : Math.max(0.1, (at - axis.since) / HOUR_MS), asOf),
    placeholderData: same(patient.id),
    enabled: asOf !== undefined,
  });
  const shown = asOf === undefined ? outer : inner;
  const alerts = useQuery({ ...alertsQuery(patient.id, asOf), placeholderData: (before) => (before?.patient === patient.id ? before : undefined) });
  const latest = useQuery({ ...alertsQuery(patient.id, undefined), enabled: asOf === undefined });
  const moments = useMemo(() => {
    const acts = [...(latest.data?.open ?? []), ...(latest.data?.history ?? [])].flatMap((item) => item.history.map((entry) => entry.at));
    return outer.data ? knownMoments(outer.data, acts) : [];
  }, [outer.data, latest.data]);
  const back = useCallback(() => show(undefined), [show]);
  usePatientKeys(at !== undefined, back);

  const edge = at ?? axis.now;
  const answers = { patient, timeline: shown.data, at };
  const allAlerts = useCallback(() => change({ tab: "alerts" }), [change]);
  return (
    <>
      {at !== undefined && below && createPortal(<PastBanner at={at} hidden={inner.isPlaceholderData ? undefined : inner.data?.hidden} news={news} onReturn={back} />, below)}
      <div className={styles.bar}>
        <Tabs tab={tab} onTab={(next) => change({ tab: next === "timeline" ? undefined : next })} counts={counts(patient, shown.data, alerts.data)} narrow={narrow} />
        {tab !== "problems" && tab !== "alerts" && !narrow && (
          <div className={styles.tools} role="group" aria-label="Window">
            <span>Window</span>
            {WINDOWS.map(([each, words]) => <button key={each} type="button" className="button" aria-pressed={hours === each} onClick={() => change({ hours: each === 24 ? undefined : each })}>{words}</button>)}
            <ExportMenu patient={patient} timeline={shown.data} drawn={tab === "timeline"} />
          </div>
        )}
      </div>
      <div className={styles.page} data-fetching={shown.isPlaceholderData || undefined}>
        {narrow && tab === "timeline" && <div className={styles.side}><Alerts patient={patient.id} asOf={asOf} onAll={allAlerts} /><Headline {...answers} /></div>}
        <div className={styles.content} role="tabpanel" aria-label={NAMES[tab]}>
          {shown.error && !shown.data && <Problem error={shown.error} again={() => void shown.refetch()} />}
          {tab === "timeline" && !narrow && (
            <Timeline axis={axis} answer={shown.data} edge={edge} past={at !== undefined} moments={moments} onMoment={show} alerts={alerts.data} headline={patient.headline} />
          )}
          {tab === "timeline" && narrow && shown.data && <PhoneVitals answer={shown.data} edge={edge} past={at !== undefined} />}
          {tab === "problems" && <Problems patient={patient} />}
          {tab === "documents" && shown.data && <Documents answer={shown.data} now={edge} />}
          {tab === "medication" && shown.data && <Medication answer={shown.data} now={edge} />}
          {tab === "alerts" && <Alerts patient={patient.id} asOf={asOf} />}
        </div>
        {!narrow && <div className={styles.side}><Headline {...answers} />{tab !== "alerts" && <Alerts patient={patient.id} asOf={asOf} onAll={allAlerts} />}<OtherAnswers {...answers} /></div>}
        {narrow && tab === "timeline" && <div className={styles.side}><OtherAnswers {...answers} /></div>}
      </div>
    </>
  );
}

/** An answer about another moment of the same patient may stand until the new one is there; one about another patient never. */
const same = (id: string) => (before: TimelineAnswer | undefined): TimelineAnswer | undefined => (before?.patient === id ? before : undefined);

const NAMES: Record<Tab, string> = { timeline: "Timeline", problems: "Problems", documents: "Documents", medication: "Medication", alerts: "Alerts" };

function counts(patient: WholePatient, timeline: TimelineAnswer | undefined, alerts: { open: unknown[]; history: unknown[] } | undefined): Partial<Record<Tab, number>> {
  return {
    problems: patient.problems.length,
    ...(timeline ? { documents: timeline.documents.length, medication: drugOrders(timeline).length } : {}),
    ...(alerts ? { alerts: alerts.open.length + alerts.history.length } : {}),
  };
}

interface TabsProps {
  tab: Tab;
  onTab: (tab: Tab) => void;
  counts: Partial<Record<Tab, number>>;
  narrow: boolean;
}

function Tabs({ tab, onTab, counts: numbers, narrow }: TabsProps): ReactNode {
  return (
    <div className={styles.tabs} role="tablist" aria-label="About this patient">
      {TABS.map((each) => (
        <button
          key={each} type="button" role="tab" aria-selected={each === tab} tabIndex={each === tab ? 0 : -1} onClick={() => onTab(each)}
          onKeyDown={(event) => {
            const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
            const next = step && TABS[(TABS.indexOf(each) + step + TABS.length) % TABS.length];
            if (!next) return;
            event.preventDefault();
            onTab(next);
            (event.currentTarget.parentElement?.children[TABS.indexOf(next)] as HTMLElement | undefined)?.focus();
          }}
        >
          {each === "timeline" && narrow ? "Now" : NAMES[each]} {numbers[each] ?? ""}
        </button>
      ))}
    </div>
  );
}

function usePatientKeys(past: boolean, back: () => void): void {
  useKeys(useMemo(() => (past ? [{ keys: "n", says: "Return to now", group: "Patient", run: back }] : []), [past, back]));
  // What scrolls is the shell's page, which stays when one patient follows another.
  useEffect(() => {
    document.getElementById("page")?.scrollTo(0, 0);
  }, []);
}
