/** Signed reports of a patient that nobody may act on: withdrawn, or waiting because their study may be somebody else's. */

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { notValidQuery } from "@/imaging/report/queries";
import styles from "@/imaging/report/Report.module.css";
import { ReportPanel } from "@/imaging/report/ReportPanel";
import type { ReportLine } from "@/imaging/report/types";
import { clock } from "@/time/clock";
import { moment } from "@/time/words";

export function NotValid({ patient }: { patient: string }) {
  const { data } = useQuery(notValidQuery(patient));
  const [open, setOpen] = useState("");
  if (!data || data.length === 0) return null;
  return (
    <div className={styles.notValid}>
      <section className={`panel ${styles.report}`} aria-label="Reports that are not valid">
        <header>
          <h2>Reports that are not valid</h2>
        </header>
        <ul className={styles.open}>
          {data.map((each) => (
            <li key={each.report}>
              <p>
                {each.title}: {why(each)}
              </p>
              <button
                type="button"
                className="link"
                aria-expanded={each.report === open}
                onClick={() => setOpen(each.report === open ? "" : each.report)}
              >
                {each.report === open ? "Close" : "Open"}
              </button>
            </li>
          ))}
        </ul>
      </section>
      {open !== "" && <ReportPanel id={open} patient={patient} lesion={undefined} onLesion={() => undefined} />}
    </div>
  );
}

function why({ state, withdrawn }: ReportLine): string {
  if (state === "waiting" || !withdrawn) return "waits for withdrawal, because its study may belong to another patient";
  return `withdrawn by ${withdrawn.by}, ${moment(withdrawn.at, clock.now())}: ${withdrawn.reason}`;
}
