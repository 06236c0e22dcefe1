/** Finding one patient by their whole number, seeing what binds, and asking: for an erasure, for a hold, or for their copy. */

import { Select, Textarea } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { note } from "@/acts/toasts";
import { Checks } from "@/privacy/retention/Checks";
import { ExportButton } from "@/privacy/retention/ExportButton";
import { PatientSearch } from "@/privacy/retention/PatientSearch";
import { askErasure, type Found, find, hold, retentionQuery } from "@/privacy/retention/queries";
import styles from "@/privacy/retention/Retention.module.css";
import { named } from "@/privacy/retention/words";
import system from "@/system/System.module.css";

export function AskForErasure({ grounds }: { grounds: Record<string, string> }) {
  const finding = useMutation({ mutationFn: find });

  return (
    <section className="panel" aria-label="A patient asks">
      <h2 className={system.head}>A patient asks</h2>
      <PatientSearch finding={finding} />
      {finding.data && <Wanted key={finding.data.id} found={finding.data} grounds={grounds} onDone={finding.reset} />}
    </section>
  );
}

interface WantedProps {
  found: Found;
  grounds: Record<string, string>;
  onDone: () => void;
}

function Wanted({ found, grounds, onDone }: WantedProps) {
  const [ground, setGround] = useState<string | null>(null);
  const [reason, setReason] = useState("");
  const queries = useQueryClient();
  const settled = () => queries.invalidateQueries({ queryKey: retentionQuery.queryKey });
  const asking = useMutation({
    mutationFn: (chosen: string) => askErasure(found.id, chosen),
    onSuccess: (erasure) => {
      note(erasure?.state === "refused" ? "Refused, with the law that binds. It is kept below." : "Asked. Somebody else must agree.");
      onDone();
    },
    onSettled: settled,
  });
  const holding = useMutation({
    mutationFn: () => hold(found.id, reason),
    onSuccess: () => {
      note("The record is on legal hold.");
      onDone();
    },
    onSettled: settled,
  });
  const bound = found.checks.some((check) => !check.passed);
  return (
    <div className={styles.found}>
      <h3>{named(found)}</h3>
      <Checks checks={found.checks} />
      <div className={styles.acts}>
        <form
          className={styles.act}
          onSubmit={(event) => {
            event.preventDefault();
            if (ground) asking.mutate(ground);
          }}
        >
          <Select
            label="Why it must be erased"
            description="GDPR Art. 17(1)"
            placeholder="Choose a ground"
            data={Object.entries(grounds).map(([value, words]) => ({ value, label: `(${value}) ${words}` }))}
            value={ground}
            onChange={setGround}
          />
          <button type="submit" className="button" disabled={!ground || asking.isPending}>
            {bound ? "Ask, and record the refusal" : "Ask for the erasure"}
          </button>
          {asking.error && <strong role="alert">{asking.error.message}</strong>}
        </form>
        <form
          className={styles.act}
          onSubmit={(event) => {
            event.preventDefault();
            if (reason.trim()) holding.mutate();
          }}
        >
          <Textarea
            label="Or keep it: legal hold"
            description="The case or order it is for"
            rows={1}
            autosize
            maxLength={500}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <button type="submit" className="button" disabled={!reason.trim() || holding.isPending}>
            Put on hold
          </button>
          {holding.error && <strong role="alert">{holding.error.message}</strong>}
        </form>
        <ExportButton patient={found.id} />
      </div>
    </div>
  );
}
