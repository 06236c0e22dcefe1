/**
 * The patient is never in doubt: name, identifiers, age, bed and allergies above everything that is said about them.
 *
 * Put every page about a patient inside. What is inside is built anew for each patient, so nothing of one is left on the screen of the
 * next (FT-37).
 */

import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type ReactNode, useEffect, useState } from "react";
import { WrongPatient } from "@/api/belonging";
import { ApiProblem } from "@/api/problem";
import { Problem } from "@/design/Problem";
import { Skeleton } from "@/design/Skeleton";
import { Banner, type Said } from "@/patient/Banner";
import emergency from "@/patient/emergency/Emergency.module.css";
import { EmergencyBanner } from "@/patient/emergency/EmergencyBanner";
import { NotYours } from "@/patient/emergency/NotYours";
import { usePatientLive } from "@/patient/live";
import { PastBanner } from "@/patient/PastBanner";
import { type Moment, wholePatientQuery } from "@/patient/queries";
import styles from "@/patient/PatientFrame.module.css";
import type { WholePatient } from "@/patient/types";
import { clock } from "@/time/clock";

interface Props {
  id: string;
  /** Undefined: now. */
  asOf?: Moment;
  /** What the page is about besides the patient: stands in the banner. */
  about?: readonly Said[];
  /** `news`: how often something new came in since the past was opened; `below`: a place that stays in sight under the banner. */
  children: (patient: WholePatient, news: number, below: HTMLElement | null) => ReactNode;
}

export function PatientFrame({ id, asOf, about, children }: Props) {
  const { data, error, refetch } = useQuery({
    ...wholePatientQuery(id, asOf),
    // Another moment of the same person may stand until the one asked for is there; another person never.
    placeholderData: (before) => (before?.id === id ? before : undefined),
  });
  useJoinedRecord(error);
  const news = usePatientLive(id, asOf !== undefined);
  const [below, setBelow] = useState<HTMLElement | null>(null);
  const patient = data?.id === id ? data : undefined;
  useEffect(() => {
    if (patient) clock.heard(patient.now);
  }, [patient]);
  // What may not be read any more is not left standing either.
  if (error instanceof ApiProblem && error.remedy === "break-glass") return <NotYours id={id} problem={error} />;
  if (!patient && error && !(error instanceof WrongPatient)) return <Problem error={error} again={() => void refetch()} />;
  if (!patient) return <FrameSkeleton />;
  return (
    <div key={patient.id} className={styles.frame} data-patient={patient.id}>
      <div className={styles.fixed}>
        <Banner patient={patient} about={about} />
        {patient.emergency && <EmergencyBanner patient={patient.id} emergency={patient.emergency} />}
        <div ref={setBelow} />
      </div>
      {patient.left_out.length > 0 ? <PlaceOnly patient={patient} news={news} /> : children(patient, news, below)}
    </div>
  );
}

/** A record that was joined with another answers with the survivor's key: go there, so that address, banner and answers agree. */
function useJoinedRecord(error: unknown): void {
  const navigate = useNavigate();
  useEffect(() => {
    if (error instanceof WrongPatient) void navigate({ to: "/patients/$id", params: { id: error.answered }, replace: true });
  }, [error, navigate]);
}

/** A bed manager's view: the banner says who is where, and that is all. */
function PlaceOnly({ patient, news }: { patient: WholePatient; news: number }) {
  const navigate = useNavigate();
  const back = () => void navigate({ to: "/patients/$id", params: { id: patient.id }, search: {} });
  return (
    <>
      {patient.past && <PastBanner at={Date.parse(patient.as_of)} hidden={undefined} news={news} onReturn={back} />}
      <section className={`panel ${emergency.placed}`}>
        <p>
          <b>Your role sees where patients are.</b> The chart is read by those who look after them.
        </p>
      </section>
    </>
  );
}

function FrameSkeleton() {
  return (
    <div className={styles.frame} role="status" aria-label="The patient is opening">
      <div className={styles.skeleton}>
        <Skeleton width="220px" height="20px" />
      </div>
    </div>
  );
}
