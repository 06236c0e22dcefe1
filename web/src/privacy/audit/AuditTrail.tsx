/** Who did what to whom, and is the record of it whole? Looking here is itself recorded. */

import { Entries } from "@/privacy/audit/Entries";
import { ProofPanel } from "@/privacy/audit/ProofPanel";
import { usePerson } from "@/shell/person";
import system from "@/system/System.module.css";

export function AuditTrail() {
  if (!usePerson().roles.includes("auditor"))
    return (
      <section className={`panel ${system.why}`}>
        <p>
          <b>The audit trail is read by auditors.</b> It says who looked at whom, and is kept from those it is about. Ask an administrator
          if it belongs to your work.
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
