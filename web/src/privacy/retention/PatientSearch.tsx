/** Finding one patient by their whole number: nobody browses here, and whoever looks is named. */

import type { UseMutationResult } from "@tanstack/react-query";
import type { FormEvent } from "react";
import type { Found } from "@/privacy/retention/queries";
import styles from "@/privacy/retention/Retention.module.css";

export function PatientSearch({ finding }: { finding: UseMutationResult<Found, Error, string> }) {
  function search(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const number = String(new FormData(event.currentTarget).get("number")).trim();
    if (number) finding.mutate(number);
  }

  return (
    <>
      <form className={styles.search} onSubmit={search} role="search">
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
        <p className={styles.refused} role="alert">
          {finding.error.message}
        </p>
      )}
    </>
  );
}
