/** The first administrator, made with the one-time link that start-up printed. The token stands behind #, which no server log sees. */

import { PasswordInput, TextInput } from "@mantine/core";
import { useLocation, useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import type { Factors } from "@/account/queries";
import { read } from "@/api/client";
import { session } from "@/api/session";
import { Empty } from "@/design/Empty";
import { Logo } from "@/design/icons";
import styles from "@/signin/SignIn.module.css";

export function SetupPage() {
  const token = useLocation({ select: (location) => location.hash });
  const navigate = useNavigate();
  const [refused, setRefused] = useState("");
  if (!token) return <NoToken />;

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const entered = new FormData(event.currentTarget);
    const [name = "", login = "", password = "", again = ""] = ["name", "login", "password", "again"].map((field) =>
      String(entered.get(field)),
    );
    if (password !== again) return setRefused("The two passwords are not the same.");
    try {
      await session.setUp({ token, name, login, password });
      const { required } = await read<Factors>("/api/v1/auth/mfa");
      // The link that was half of this sign-in works once: the next one needs a second factor.
      await navigate({ to: required ? "/account" : "/board", replace: true });
    } catch (error) {
      setRefused(error instanceof Error ? error.message : "This did not work.");
    }
  }

  return (
    <main className={styles.page}>
      <section className={styles.panel}>
        <header className={styles.brand}>
          <Logo />
          Wardline
        </header>
        <h1>The first administrator</h1>
        <p className="fine">This link works once. Afterwards you make the other accounts.</p>
        <form className={styles.form} onSubmit={(event) => void submit(event)}>
          <TextInput
            name="name"
            label="Your name"
            description="As colleagues know you"
            autoComplete="name"
            size="md"
            required
            withAsterisk={false}
            autoFocus
          />
          <TextInput
            name="login"
            label="Sign-in name"
            description="Letters, digits, dots, dashes"
            autoComplete="username"
            autoCapitalize="none"
            size="md"
            required
            withAsterisk={false}
          />
          <PasswordInput
            name="password"
            label="Password"
            autoComplete="new-password"
            size="md"
            required
            withAsterisk={false}
            visibilityToggleButtonProps={{ "aria-label": "Show the password", tabIndex: 0 }}
          />
          <PasswordInput
            name="again"
            label="Password, again"
            autoComplete="new-password"
            size="md"
            required
            withAsterisk={false}
            visibilityToggleButtonProps={{ "aria-label": "Show the repeated password", tabIndex: 0 }}
          />
          {refused && (
            <p className={styles.refused} role="alert">
              {refused}
            </p>
          )}
          <button type="submit" className="button main">
            Make the account and sign in
          </button>
        </form>
      </section>
    </main>
  );
}

function NoToken() {
  return (
    <Empty title="This link is not complete" whole>
      <p>Copy the whole line that Wardline printed when it started, with everything behind the #.</p>
      <a className="button" href="/">
        To the sign-in
      </a>
    </Empty>
  );
}
