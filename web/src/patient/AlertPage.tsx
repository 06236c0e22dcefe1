/** One alert in one hand: who, what, why in a table of inputs, and three buttons under the thumb. */

import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useEffect } from "react";
import { shown, useActs } from "@/acts/acts";
import type { Answer, QueueItem } from "@/api/types";
import { rolesShown, stateShown } from "@/board/words";
import { Age } from "@/design/Age";
import { Empty } from "@/design/Empty";
import { BackIcon } from "@/design/icons";
import { Problem } from "@/design/Problem";
import { SeverityMark } from "@/design/SeverityMark";
import { AlertSummary } from "@/patient/AlertSummary";
import styles from "@/patient/AlertPage.module.css";
import { Acknowledge, History, targetOf, word } from "@/patient/Alerts";
import { PatientFrame } from "@/patient/PatientFrame";
import { alertsQuery } from "@/patient/queries";
import type { WholePatient } from "@/patient/types";
import { Why } from "@/patient/Why";
import { clock } from "@/time/clock";
import { moment } from "@/time/words";

export function AlertPage() {
  const { id } = useParams({ from: "/in/patients/$id/alert" });
  return (
    <div className={styles.column}>
      <nav className={styles.back}>
        <Link to="/board" search={(before) => before}>
          <BackIcon />
          Patients
        </Link>
        <Link to="/patients/$id" params={{ id }}>
          Whole record
        </Link>
      </nav>
      <PatientFrame id={id}>{(patient) => <OpenAlerts patient={patient} />}</PatientFrame>
    </div>
  );
}

function OpenAlerts({ patient }: { patient: WholePatient }) {
  const alerts = useQuery(alertsQuery(patient.id, undefined));
  if (alerts.error) return <Problem error={alerts.error} again={() => void alerts.refetch()} />;
  if (!alerts.data) return <div role="status" aria-label="The alert is opening" />;
  const [item, ...others] = alerts.data.open;
  if (!item)
    return (
      <Empty title="No alert is open">
        <p>It was resolved, or somebody has dealt with it.</p>
      </Empty>
    );
  const answer = patient.answers.find((each) => each.capability === item.capability && each.key === item.key);
  return (
    <>
      <div className={styles.alert}>
        <Said item={item} answer={answer} more={others.length} />
        {answer && <Why answer={answer} bare />}
        <div className={styles.history}>
          <History item={item} now={clock.now()} />
        </div>
      </div>
      <Buttons item={item} />
    </>
  );
}

interface SaidProps {
  item: QueueItem;
  /** The same question's answer as it is now. */
  answer: Answer | undefined;
  more: number;
}

function Said({ item, answer, more }: SaidProps) {
  useEffect(() => shown(item.alert, item.patient.id), [item.alert, item.patient.id]);
  return (
    <section className={styles.said}>
      <h2>
        <SeverityMark severity={item.severity} seen={item.seen} state={stateShown(item)} word={word(item)} />
        <AlertSummary item={item} />
      </h2>
      <p>
        Opened {moment(item.opened_at, clock.now())}, <Age at={item.opened_at} /> ago.
        {item.escalates_at && ` Goes to ${rolesShown(item.escalates_to)} at ${moment(item.escalates_at, clock.now())} if not acknowledged.`}
        {answer && answer.summary !== item.summary && ` Since then: ${answer.summary || answer.reason}.`}
        {more > 0 && ` ${more} more open for this patient.`}
      </p>
      <p className={styles.action}>{item.action}</p>
    </section>
  );
}

function Buttons({ item }: { item: QueueItem }) {
  const acts = useActs();
  const target = targetOf(item);
  return (
    <footer className={styles.buttons}>
      <Acknowledge item={item} />
      <button type="button" className="button" onClick={() => acts.override(target)}>
        Override, give reason
      </button>
      <button type="button" className="button" onClick={() => acts.escalate(target)}>
        Escalate now
      </button>
      <p>Undo for 10 seconds after any choice.</p>
    </footer>
  );
}
