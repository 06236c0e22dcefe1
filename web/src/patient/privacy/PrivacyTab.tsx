/** What this patient permits and forbids, what is sensitive in the record, and, for those who may ask, who looked. */

import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { Problem } from "@/design/Problem";
import { Skeleton } from "@/design/Skeleton";
import { ConsentList } from "@/patient/privacy/ConsentList";
import styles from "@/patient/privacy/Privacy.module.css";
import { consentsQuery } from "@/patient/privacy/queries";
import { SensitiveFacts } from "@/patient/privacy/SensitiveFacts";
import { Visits } from "@/patient/privacy/Visits";
import type { WholePatient } from "@/patient/types";
import { usePerson } from "@/shell/person";
import { clock } from "@/time/clock";

export function PrivacyTab({ patient }: { patient: WholePatient }) {
  const { roles } = usePerson();
  return (
    <div className={styles.parts}>
      {patient.restricted > 0 && <Restricted count={patient.restricted} />}
      <ConsentsOf patient={patient.id} name={`${patient.given} ${patient.family}`.trim()} chart={patient} />
      {roles.includes("privacy") && <Visits patient={patient.id} />}
    </div>
  );
}

interface Props {
  patient: string;
  name: string;
  own?: boolean;
  chart?: WholePatient;
}

export function ConsentsOf({ patient, name, own = false, chart }: Props) {
  const { data, error, refetch } = useQuery(consentsQuery(patient));
  useEffect(() => {
    if (data) clock.heard(data.as_of);
  }, [data]);
  if (error) return <Problem error={error} again={() => void refetch()} />;
  if (!data) return <Skeleton width="100%" height="12rem" />;
  return (
    <>
      <ConsentList consents={data} name={name} own={own} />
      <SensitiveFacts consents={data} own={own} chart={chart} />
    </>
  );
}

function Restricted({ count }: { count: number }) {
  return (
    <p className={styles.restricted}>
      <b>
        {count} restricted {count === 1 ? "item" : "items"}.
      </b>{" "}
      The patient or the house keeps {count === 1 ? "it" : "them"} from your role. Alarms that stand on {count === 1 ? "it" : "them"} still
      reach you.
    </p>
  );
}
