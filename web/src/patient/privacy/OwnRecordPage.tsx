/** What a patient sees here of their own: who looked at their record, and what they have closed to whom. */

import { PageHead } from "@/design/PageParts";
import { ConsentsOf } from "@/patient/privacy/PrivacyTab";
import styles from "@/patient/privacy/Privacy.module.css";
import { Visits } from "@/patient/privacy/Visits";
import { usePerson } from "@/shell/person";
import system from "@/system/System.module.css";

export function OwnRecordPage() {
  const person = usePerson();
  return (
    <div className={system.page}>
      <PageHead title="My record" />
      {person.patient ? (
        <div className={styles.parts}>
          <ConsentsOf patient={person.patient} name={person.name} own />
          <Visits patient={person.patient} own />
        </div>
      ) : (
        <section className="panel">
          <p className={styles.more}>
            <b>This page is for patients.</b> Your sign-in is not bound to a record of your own.
          </p>
        </section>
      )}
    </div>
  );
}
