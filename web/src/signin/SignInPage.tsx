/** Who are you? A name and a password; in the demonstration hospital one press on a card. */

import { PasswordInput, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { session } from "@/api/session";
import type { Hospital, SampleUser } from "@/api/types";
import { Logo } from "@/design/icons";
import styles from "@/signin/SignIn.module.css";

export function SignInPage({ hospital, notice }: { hospital: Hospital; notice: string }) {
  const [refused, setRefused] = useState("");
  const [busy, setBusy] = useState(false);

  async function enter(login: string, password: string): Promise<void> {
    setBusy(true);
    setRefused("");
    try {
      await session.signIn(login, password);
    } catch (error) {
      setRefused(error instanceof Error ? error.message : "Signing in did not work.");
      setBusy(false);
    }
  }

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
        {hospital.sample_users.length > 0 && (
          <SampleUsers users={hospital.sample_users} busy={busy} onChosen={(user) => void enter(user.login, user.password)} />
        )}
        <SignInForm
          busy={busy}
          refused={refused}
          onEntered={(login, password) => void enter(login, password)}
          quiet={hospital.sample_users.length > 0}
        />
        <footer className="fine">Wardline {hospital.version}. Every look at a patient is recorded.</footer>
      </section>
    </main>
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
