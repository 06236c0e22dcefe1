/** Who did what to whom, and is the record of it whole? Looking here is itself recorded. */

import { Entries } from "@/privacy/audit/Entries";
import { ProofPanel } from "@/privacy/audit/ProofPanel";
import { usePerson } from "@/shell/person";
import system from "@/system/System.module.css";

const READ_BY = ["auditor", "privacy"];

export function AuditTrail() {
  const { roles } = usePerson();
  if (!READ_BY.some((role) => roles.includes(role)))
    return (
      <section className={`panel ${system.why}`}>
        <p>
          <b>The audit trail is read by auditors and privacy officers.</b> It says who looked at whom, and is kept from those it is about.
          Ask an administrator if it belongs to your work.
        </p>
      </section>
    );
  return (
    <>
      <ProofPanel />
      <Entries />
    </>
  );
}
