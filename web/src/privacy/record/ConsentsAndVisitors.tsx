/** For privacy officers: one patient's consents, what is sensitive, and who looked, found by the whole patient number. */

import { useMutation } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { ConsentsOf } from "@/patient/privacy/PrivacyTab";
import styles from "@/patient/privacy/Privacy.module.css";
import { Visits } from "@/patient/privacy/Visits";
import { find } from "@/privacy/retention/queries";
import retention from "@/privacy/retention/Retention.module.css";
import system from "@/system/System.module.css";

export function ConsentsAndVisitors() {
  const finding = useMutation({ mutationFn: find });

  function search(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const number = String(new FormData(event.currentTarget).get("number")).trim();
    if (number) finding.mutate(number);
  }

  const found = finding.data;
  return (
    <div className={styles.parts}>
      <section className="panel" aria-label="One patient">
        <h2 className={system.head}>One patient's consents, and who looked</h2>
        <form className={retention.search} onSubmit={search} role="search">
          <label>
            <span>Patient number, whole</span>
            <input name="number" type="search" autoComplete="off" required />
          </label>
          <button type="submit" className="button" disabled={finding.isPending}>
            Look up
          </button>
          <p className="fine">Looking somebody up is recorded with your name.</p>
        </form>
        {finding.error && (
          <p className={retention.refused} role="alert">
            {finding.error.message}
          </p>
        )}
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
