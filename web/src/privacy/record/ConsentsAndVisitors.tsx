/** For privacy officers: one patient's consents, what is sensitive, and who looked, found by the whole patient number. */

import { useMutation } from "@tanstack/react-query";
import { ConsentsOf } from "@/patient/privacy/PrivacyTab";
import styles from "@/patient/privacy/Privacy.module.css";
import { Visits } from "@/patient/privacy/Visits";
import { PatientSearch } from "@/privacy/retention/PatientSearch";
import { find } from "@/privacy/retention/queries";
import system from "@/system/System.module.css";

export function ConsentsAndVisitors() {
  const finding = useMutation({ mutationFn: find });

  const found = finding.data;
  return (
    <div className={styles.parts}>
      <section className="panel" aria-label="One patient">
        <h2 className={system.head}>One patient's consents, and who looked</h2>
        <PatientSearch finding={finding} />
        {found && (
          <p className={styles.more}>
            <b>{found.name}</b>, {found.number}
          </p>
        )}
      </section>
      {found && <ConsentsOf key={found.id} patient={found.id} name={found.name} />}
      {found && <Visits key={`visits ${found.id}`} patient={found.id} />}
    </div>
  );
}
