/** How long a stretch of time is shown, and taking it along. */

import { type Hours, WINDOWS } from "@/patient/axis";
import { ExportMenu } from "@/patient/export/ExportMenu";
import styles from "@/patient/PatientPage.module.css";
import type { TimelineAnswer, WholePatient } from "@/patient/types";
import { OpenApps } from "@/smart/OpenApps";

interface Props {
  hours: Hours;
  onHours: (hours: Hours | undefined) => void;
  patient: WholePatient;
  timeline: TimelineAnswer | undefined;
  drawn: boolean;
}

export function WindowTools({ hours, onHours, patient, timeline, drawn }: Props) {
  return (
    <div className={styles.tools} role="group" aria-label="Window">
      <span>Window</span>
      {WINDOWS.map(([each, words]) => (
        <button
          key={each}
          type="button"
          className="button"
          aria-pressed={hours === each}
          onClick={() => onHours(each === 24 ? undefined : each)}
        >
          {words}
        </button>
      ))}
      <OpenApps patient={patient.id} />
      <ExportMenu patient={patient} timeline={timeline} drawn={drawn} />
    </div>
  );
}
