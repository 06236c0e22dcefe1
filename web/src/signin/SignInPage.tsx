/** Who are you? A name and a password, then a second factor where there is one; a passkey alone; in the demonstration hospital one press on a card. */

import { PasswordInput, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import type { SecondStep } from "@/api/proof";
import { session } from "@/api/session";
import type { Hospital, SampleUser } from "@/api/types";
import { Logo } from "@/design/icons";
import { passkeysWork, signed } from "@/signin/passkey";
import { ProofForm } from "@/signin/ProofForm";
import { useReturned } from "@/signin/provider";
import styles from "@/signin/SignIn.module.css";

export function SignInPage({ hospital, notice }: { hospital: Hospital; notice: string }) {
  const returned = useReturned();
  const [step, ask] = useState<SecondStep | null>(null);
  const [refused, setRefused] = useState("");
  const [busy, setBusy] = useState(false);

  async function enter(come: () => Promise<SecondStep | null>): Promise<void> {
    setBusy(true);
    setRefused("");
    try {
      ask(await come());
    } catch (error) {
      setRefused(error instanceof Error ? error.message : "Signing in did not work.");
    }
    setBusy(false);
  }

  async function byPasskey(): Promise<null> {
    const asked = await session.askForPasskey();
    if (asked.passkey) await session.show({ challenge: asked.challenge, way: "passkey", credential: await signed(asked.passkey) });
    return null;
  }

  const next = step ?? returned.step;
  return (
    <main className={styles.page}>
      <section className={styles.panel}>
        <header className={styles.brand}>
          <Logo />
          Wardline
        </header>
        <h1>{hospital.name}</h1>
        {notice && (
          <p className={styles.notice} role="status">
            {notice}
          </p>
        )}
        {next ? (
          <Second
            step={next}
            onAgain={() => {
              ask(null);
              returned.forget();
            }}
          />
        ) : (
          <>
            {hospital.sample_users.length > 0 && (
              <SampleUsers
                users={hospital.sample_users}
                busy={busy}
                onChosen={(user) => void enter(() => session.signIn(user.login, user.password))}
              />
            )}
            <SignInForm
              busy={busy}
              refused={refused || returned.refused}
              onEntered={(login, password) => void enter(() => session.signIn(login, password))}
              quiet={hospital.sample_users.length > 0}
            />
            <Others hospital={hospital} busy={busy} onPasskey={() => void enter(byPasskey)} />
          </>
        )}
        <footer className="fine">Wardline {hospital.version}. Every look at a patient is recorded.</footer>
      </section>
    </main>
  );
}

function Second({ step, onAgain }: { step: SecondStep; onAgain: () => void }) {
  return (
    <>
      <h2>Second step</h2>
      <ProofForm step={step} word="Sign in" onProof={(proof) => session.show(proof)} />
      <p className={styles.ways}>
        <button type="button" className={styles.way} onClick={onAgain}>
          Begin again
        </button>
      </p>
    </>
  );
}

/** What else opens the door: the hospital's own sign-in service, or a passkey. */
function Others({ hospital, busy, onPasskey }: { hospital: Hospital; busy: boolean; onPasskey: () => void }) {
  const passkeys = passkeysWork() && hospital.sample_users.length === 0;
  if (!passkeys && !hospital.provider) return null;
  return (
    <div className={styles.others}>
      {hospital.provider && (
        <a className="button" href="/api/v1/auth/provider">
          {hospital.provider}
        </a>
      )}
      {passkeys && (
        <button type="button" className="button" disabled={busy} onClick={onPasskey}>
          Sign in with a passkey
        </button>
      )}
    </div>
  );
}

interface FormProps {
  busy: boolean;
  refused: string;
  quiet: boolean;
  onEntered: (login: string, password: string) => void;
}

function SignInForm({ busy, refused, quiet, onEntered }: FormProps) {
  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const entered = new FormData(event.currentTarget);
    onEntered(String(entered.get("login")), String(entered.get("password")));
  }
  return (
    <form className={styles.form} onSubmit={submit}>
      {quiet && <h2>Or sign in with your own name</h2>}
      <TextInput
        name="login"
        label="Name"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        size="md"
        required
        withAsterisk={false}
        autoFocus={!quiet}
      />
      <PasswordInput
        name="password"
        label="Password"
        autoComplete="current-password"
        size="md"
        required
        withAsterisk={false}
        visibilityToggleButtonProps={{ "aria-label": "Show the password", tabIndex: 0 }}
      />
      {refused && (
        <p className={styles.refused} role="alert">
          {refused}
        </p>
      )}
      <button type="submit" className="button main" disabled={busy}>
        {busy ? "Signing in" : "Sign in"}
      </button>
    </form>
  );
}

interface SampleProps {
  users: readonly SampleUser[];
  busy: boolean;
  onChosen: (user: SampleUser) => void;
}

function SampleUsers({ users, busy, onChosen }: SampleProps) {
  return (
    <>
      <p className={styles.demo}>A demonstration: the hospital and its patients are made up. Choose who you are.</p>
      <ul className={styles.cards}>
        {users.map((user) => (
          <li key={user.login}>
            <button type="button" className={styles.card} disabled={busy} onClick={() => onChosen(user)}>
              <b>{user.name}</b>
              <span>{user.sees ?? user.role}</span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
