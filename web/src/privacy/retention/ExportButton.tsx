/** The patient's own copy of the record as a file to hand over (GDPR Art. 15 and 20). */

import { useMutation } from "@tanstack/react-query";
import { problemIn } from "@/api/problem";
import { session } from "@/api/session";
import styles from "@/privacy/retention/Retention.module.css";

export function ExportButton({ patient }: { patient: string }) {
  const exporting = useMutation({ mutationFn: () => save(patient) });
  return (
    <div className={styles.act}>
      <p>
        <b>Their own copy</b>
        <br />
        <span className="fine">Everything known, its sources, and who looked: pages to read and JSON.</span>
      </p>
      <button type="button" className="button" disabled={exporting.isPending} onClick={() => exporting.mutate()}>
        {exporting.isPending ? "Putting it together…" : "Save the copy"}
      </button>
      {exporting.error && <strong role="alert">{exporting.error.message}</strong>}
    </div>
  );
}

async function save(patient: string): Promise<void> {
  const response = await session.fetch(`/api/v1/patients/${encodeURIComponent(patient)}/export`);
  if (!response.ok) throw await problemIn(response);
  const address = URL.createObjectURL(await response.blob());
  const link = Object.assign(document.createElement("a"), { href: address, download: "record.zip" });
  link.click();
  URL.revokeObjectURL(address);
}
