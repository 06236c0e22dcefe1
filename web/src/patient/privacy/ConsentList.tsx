/** The consents of one patient in plain language, those that count first, each with who recorded it and until when it holds. */

import { lazy, Suspense, useState } from "react";
import { Empty } from "@/design/Empty";
import styles from "@/patient/privacy/Privacy.module.css";
import type { Consent, Consents } from "@/patient/privacy/types";
import { WithdrawButton } from "@/patient/privacy/WithdrawButton";
import { moment } from "@/time/words";

const ConsentDialog = lazy(() => import("@/patient/privacy/ConsentDialog"));

interface Props {
  consents: Consents;
  /** Who gives it. */
  name: string;
  /** The patient's own page. */
  own: boolean;
}

export function ConsentList({ consents, name, own }: Props) {
  const [adding, setAdding] = useState(false);
  const active = consents.consents.filter((each) => each.status === "active");
  const ended = consents.consents.filter((each) => each.status !== "active");
  return (
    <section className="panel" aria-labelledby="consents">
      <h2 id="consents" className={styles.head}>
        {own ? "Your consents" : "Consents"} <small>{active.length}</small>
        {consents.may_write && (
          <button type="button" className="button" onClick={() => setAdding(true)}>
            {own ? "Close something to somebody" : "Record a consent"}
          </button>
        )}
      </h2>
      {consents.consents.length === 0 && (
        <Empty title={own ? "You have not closed anything" : "Nothing is recorded"}>
          <p>
            {own
              ? "Those who treat you see what they need. You can close a part of your record to somebody at any time."
              : "The house's own rules hold: those who treat the patient see what they need."}
          </p>
        </Empty>
      )}
      <ul className={styles.list}>
        {[...active, ...ended].map((each) => (
          <Line key={each.id} consent={each} patient={consents.patient} now={Date.parse(consents.as_of)} mayWithdraw={consents.may_write} />
        ))}
      </ul>
      {adding && (
        <Suspense>
          <ConsentDialog patient={consents.patient} name={name} choices={consents.choices} own={own} onClose={() => setAdding(false)} />
        </Suspense>
      )}
    </section>
  );
}

interface LineProps {
  consent: Consent;
  patient: string;
  now: number;
  mayWithdraw: boolean;
}

function Line({ consent, patient, now, mayWithdraw }: LineProps) {
  const isActive = consent.status === "active";
  return (
    <li className={styles.consent} data-ended={!isActive || undefined}>
      <div>
        {consent.words.map((each) => (
          <p key={each} className={styles.words}>
            {each}
          </p>
        ))}
        {consent.text && <p className={styles.quote}>“{consent.text}”</p>}
        <small>{facts(consent, now)}</small>
      </div>
      {isActive && mayWithdraw && <WithdrawButton patient={patient} consent={consent} />}
    </li>
  );
}

function facts(consent: Consent, now: number): string {
  const ended = consent.status !== "active" && `withdrawn${consent.reason ? `: ${consent.reason}` : ""}`;
  const parts = [
    ended,
    consent.performer && `given by ${consent.performer}`,
    `recorded by ${consent.recorded_by}, ${moment(consent.recorded_at, now)}`,
    consent.ends_at && `until ${moment(consent.ends_at, now)}`,
    !ended && (consent.in_emergencies ? "holds even in an emergency" : "opens in an emergency, with a reason that is reviewed"),
  ].filter(Boolean);
  const said = parts.join(" · ");
  return said.charAt(0).toUpperCase() + said.slice(1);
}
