/** Whether the trail is whole: the last check and what it found, the signed heads, and the second place that keeps them. */

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { Problem } from "@/design/Problem";
import { Skeleton } from "@/design/Skeleton";
import styles from "@/privacy/audit/Audit.module.css";
import { beginVerification, type Heads, headsQuery, type Verification, verificationQuery } from "@/privacy/audit/queries";
import system from "@/system/System.module.css";
import { date, timeOfDay } from "@/time/words";

/** Of the machine's own clock, which a demonstration's differs from. */
const when = (at: string): string => `${timeOfDay(at)}, ${date(at)}`;
const number = (value: number): string => value.toLocaleString("en-GB");

export function ProofPanel() {
  const queries = useQueryClient();
  const verification = useQuery(verificationQuery);
  const heads = useQuery(headsQuery);
  const begin = useMutation({
    mutationFn: beginVerification,
    onSettled: () => queries.invalidateQueries({ queryKey: verificationQuery.queryKey }),
  });
  const running = verification.data?.running ?? null;
  useWhenDone(running !== null, () => void queries.invalidateQueries({ queryKey: headsQuery.queryKey }));
  const error = verification.error ?? heads.error;
  return (
    <section className="panel" aria-label="Proof">
      <div className={styles.top}>
        <h2>Is the trail whole?</h2>
        <button type="button" className="button" disabled={running !== null || begin.isPending} onClick={() => begin.mutate()}>
          {running ? "Verifying" : "Verify now"}
        </button>
      </div>
      {error && !(verification.data && heads.data) && (
        <Problem error={error} again={() => void Promise.all([verification.refetch(), heads.refetch()])} />
      )}
      {!error && !(verification.data && heads.data) && (
        <p className={system.bone}>
          <Skeleton width="60%" />
        </p>
      )}
      {verification.data && heads.data && (
        <dl className={styles.proof}>
          <Check verification={verification.data} failed={begin.error?.message} />
          <Signed heads={heads.data} />
          <WitnessState heads={heads.data} />
        </dl>
      )}
    </section>
  );
}

function useWhenDone(running: boolean, act: () => void): void {
  const before = useRef(running);
  useEffect(() => {
    if (before.current && !running) act();
    before.current = running;
  });
}

function Check({ verification: { running, last }, failed }: { verification: Verification; failed: string | undefined }) {
  return (
    <div data-check={running ? "running" : last ? (last.problem ? "broken" : "whole") : "none"}>
      <dt>Last check</dt>
      <dd>
        <div role="status">
          {running ? (
            <Running done={running.done} of={running.of} />
          ) : last === null ? (
            <b>Not verified yet</b>
          ) : last.problem ? (
            <b className={styles.broken}>Not whole</b>
          ) : (
            <b>Whole</b>
          )}
          {failed && <p>{failed}</p>}
        </div>
      </dd>
      <dd className={styles.says}>
        {last && !running && (
          <>
            {last.problem ? `${last.problem[0]?.toUpperCase()}${last.problem.slice(1)}. ` : `All ${number(last.records)} records fit. `}
            {last.restored?.map((each) => `${each[0]?.toUpperCase()}${each.slice(1)}. `)}
            {last.problem && "Keep the file as it is, and compare it with a copy and with the witness. "}
            Verified at {when(last.at)}.
          </>
        )}
        {!last && !running && "Every record, every link between them and every signed head is checked. Everything goes on meanwhile."}
      </dd>
    </div>
  );
}

function Running({ done, of }: { done: number; of: number }) {
  return (
    <>
      <progress aria-label="Verifying" max={of || 1} value={of ? done : undefined} />
      <small>{of ? `${number(done)} of ${number(of)}` : "Starting"}</small>
    </>
  );
}

function Signed({ heads: { heads, records } }: { heads: Heads }) {
  const [newest] = heads;
  return (
    <div>
      <dt>Signed heads</dt>
      <dd>
        <b>{newest ? `${number(newest.size)} of ${number(records)} records` : "None yet"}</b>
      </dd>
      <dd className={styles.says}>
        {newest ? (
          <>
            Signed at {when(newest.at)} as <code>{newest.root.slice(0, 16)}</code>. What has come since is chained, and signed within a
            minute.
          </>
        ) : (
          "The first head is signed within a minute of the first entry."
        )}
      </dd>
    </div>
  );
}

function WitnessState({ heads: { witness, public_key: key } }: { heads: Heads }) {
  const said = { none: "No second place", ok: `${number(witness.size)} records`, behind: "Behind" }[witness.state];
  return (
    <div data-witness={witness.state}>
      <dt>Witness</dt>
      <dd>
        <b className={witness.state === "behind" ? styles.broken : undefined}>{said}</b>
      </dd>
      <dd className={styles.says}>
        {witness.state === "none" &&
          "Whoever takes over this machine could sign another history. Set audit_witness to a folder on other storage. "}
        {witness.state === "behind" &&
          `${witness.place} takes nothing since ${witness.since ? when(witness.since) : ""}: ${witness.reason}. `}
        {witness.state === "ok" && `${witness.place} has every head. `}
        <details>
          <summary>Public key</summary>
          <code>{key}</code>
        </details>
      </dd>
    </div>
  );
}
