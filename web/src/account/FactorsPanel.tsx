/** One's own second factors: which there are, adding another, taking one away, new recovery codes. */

import { Modal } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { AddApp, AddPasskey, RecoveryCodes } from "@/account/AddFactor";
import styles from "@/account/Account.module.css";
import { type Added, type Factor, type Factors, factorsQuery, newRecoveryCodes, removeFactor } from "@/account/queries";
import { failed, note } from "@/acts/toasts";
import { session } from "@/api/session";
import { Problem } from "@/design/Problem";
import { Skeleton } from "@/design/Skeleton";
import { passkeysWork } from "@/signin/passkey";
import { moment } from "@/time/words";

type Open = { what: "app" | "passkey" } | { what: "codes"; codes: readonly string[] } | null;

const TITLES = { app: "Add an app with codes", passkey: "Add a passkey", codes: "Recovery codes" } as const;

export function FactorsPanel() {
  const { data, error, refetch } = useQuery(factorsQuery);
  const [open, show] = useState<Open>(null);
  const queries = useQueryClient();
  const renewing = useMutation({
    mutationFn: newRecoveryCodes,
    onSuccess: ({ recovery_codes: codes }) => {
      show({ what: "codes", codes });
      void queries.invalidateQueries({ queryKey: factorsQuery.queryKey });
    },
    onError: (problem) => failed(problem.message),
  });
  const added = ({ recovery_codes: codes }: Added): void => {
    void session.again();
    show(codes.length > 0 ? { what: "codes", codes } : null);
  };
  return (
    <section className={`panel ${styles.panel}`} aria-label="Second factors">
      <h2>Second factors</h2>
      {error && <Problem error={error} again={() => void refetch()} />}
      {!data && !error && <Skeleton width="100%" height="6rem" />}
      {data && (
        <>
          <Standing factors={data} />
          <ul>
            {data.factors.map((factor) => (
              <Line key={factor.id} factor={factor} />
            ))}
          </ul>
          <div className={styles.buttons}>
            {passkeysWork() && data.passkeys && (
              <button type="button" className="button" onClick={() => show({ what: "passkey" })}>
                Add a passkey
              </button>
            )}
            <button type="button" className="button" onClick={() => show({ what: "app" })}>
              Add an app with codes
            </button>
            {data.factors.length > 0 && (
              <button type="button" className="button" disabled={renewing.isPending} onClick={() => renewing.mutate()}>
                New recovery codes
              </button>
            )}
          </div>
        </>
      )}
      {open && (
        <Modal opened onClose={() => show(null)} title={TITLES[open.what]} closeButtonProps={{ "aria-label": "Close" }}>
          {open.what === "app" && <AddApp onAdded={added} />}
          {open.what === "passkey" && <AddPasskey onAdded={added} />}
          {open.what === "codes" && <RecoveryCodes codes={open.codes} onKept={() => show(null)} />}
        </Modal>
      )}
    </section>
  );
}

function Standing({ factors }: { factors: Factors }) {
  if (factors.factors.length === 0)
    return (
      <p>
        {factors.required
          ? "Your role asks for a second factor. Add one now: your next sign-in goes no further without it."
          : "A password can be seen or guessed. With a second factor it opens nothing by itself."}
      </p>
    );
  const left = factors.recovery_codes;
  return (
    <p>
      You are asked for one of these after the password.{" "}
      {left === 0 ? <b>No recovery codes are left.</b> : `${left} recovery codes are left.`}
    </p>
  );
}

const KINDS = { app: "App with codes", passkey: "Passkey" } as const;

function Line({ factor }: { factor: Factor }) {
  const queries = useQueryClient();
  const removing = useMutation({
    mutationFn: () => removeFactor(factor.id),
    onSuccess: () => {
      note(`${factor.name} is no second factor of yours any more.`);
      void queries.invalidateQueries({ queryKey: ["own"] });
    },
    onError: (problem) => failed(problem.message),
  });
  return (
    <li className={styles.line}>
      <span>
        <b>{factor.name}</b>
        <small>
          {KINDS[factor.kind]}, added {said(factor.added_at)}
          {factor.used_at && `, last used ${said(factor.used_at)}`}
        </small>
      </span>
      <button
        type="button"
        className="button"
        disabled={removing.isPending}
        onClick={() => removing.mutate()}
        aria-label={`Remove ${factor.name}`}
      >
        Remove
      </button>
    </li>
  );
}

/** Accounts live by this machine's clock, not by a simulated hospital's. */
const said = (at: string): string => moment(at, Date.now());
