/** Signed in, but not all the way: a second factor is shown first, or added by whoever has none yet. Nothing else is open. */

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { AddApp, AddPasskey, RecoveryCodes } from "@/account/AddFactor";
import account from "@/account/Account.module.css";
import { type Added, factorsQuery } from "@/account/queries";
import { Toasts } from "@/acts/Toasts";
import { session } from "@/api/session";
import type { Person } from "@/api/types";
import { Logo } from "@/design/icons";
import { Problem } from "@/design/Problem";
import { Skeleton } from "@/design/Skeleton";
import { passkeysWork } from "@/signin/passkey";
import { ProofForm } from "@/signin/ProofForm";
import { confirm, newChallenge, StepUp } from "@/signin/StepUpDialog";
import styles from "@/signin/SignIn.module.css";

export default function Gate({ person }: { person: Person }) {
  const { data, error, refetch } = useQuery(factorsQuery);
  // Kept here: once it is added, the account has one and would be asked to show it.
  const [added, setAdded] = useState<Added | null>(null);
  return (
    <main className={styles.page} id="page">
      <section className={styles.panel}>
        <header className={styles.brand}>
          <Logo />
          Wardline
        </header>
        {error && <Problem error={error} again={() => void refetch()} />}
        {!data && !error && <Skeleton width="100%" height="12rem" />}
        {added ? (
          <Kept added={added} />
        ) : (
          data && (data.factors.length > 0 ? <Show /> : <Add passkeys={data.passkeys && passkeysWork()} onAdded={setAdded} />)
        )}
        <footer className="fine">
          {person.name} is signed in.{" "}
          <button type="button" className="link" onClick={() => void session.signOut()}>
            Sign out
          </button>
        </footer>
      </section>
      <Toasts />
      <StepUp />
    </main>
  );
}

function Show() {
  const {
    data: step,
    error,
    refetch,
  } = useQuery({
    queryKey: ["gate"],
    queryFn: newChallenge,
    gcTime: 0,
    staleTime: Infinity,
    refetchOnWindowFocus: false,
  });
  return (
    <>
      <h1>Show your second factor</h1>
      {error && <Problem error={error} again={() => void refetch()} />}
      {step && (
        <ProofForm
          step={step}
          word="Go on"
          onProof={async (proof) => {
            await confirm(proof);
            await session.again();
          }}
        />
      )}
    </>
  );
}

function Kept({ added }: { added: Added }) {
  return (
    <>
      <h1>That was it</h1>
      <RecoveryCodes codes={added.recovery_codes} onKept={() => void session.again()} />
    </>
  );
}

function Add({ passkeys, onAdded }: { passkeys: boolean; onAdded: (added: Added) => void }) {
  const [way, choose] = useState<"passkey" | "app">(passkeys ? "passkey" : "app");
  return (
    <>
      <h1>Add a second factor</h1>
      <p className="fine">Your role changes things for everybody here: a password alone does not open it.</p>
      <div className={account.gate}>{way === "passkey" ? <AddPasskey onAdded={onAdded} /> : <AddApp onAdded={onAdded} />}</div>
      {passkeys && (
        <p className={styles.ways}>
          <button type="button" className={styles.way} onClick={() => choose(way === "passkey" ? "app" : "passkey")}>
            {way === "passkey" ? "Use an app with codes instead" : "Use a passkey instead"}
          </button>
        </p>
      )}
    </>
  );
}
