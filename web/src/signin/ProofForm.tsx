/** One proof of who somebody is: a press on a passkey, six digits from an app, a recovery code, or the password once more. */

import { PasswordInput, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import type { Proof, SecondStep, Way } from "@/api/proof";
import { passkeysWork, signed } from "@/signin/passkey";
import styles from "@/signin/SignIn.module.css";

interface Props {
  step: SecondStep;
  /** What the button does: "Sign in", "Confirm". */
  word: string;
  /** Throws with a sentence when the proof is not right. */
  onProof: (proof: Proof) => Promise<void>;
}

const WORDS: Record<Way, string> = {
  passkey: "Use a passkey",
  app: "Use a code from the app",
  recovery: "Use a recovery code",
  password: "Use the password",
};

export function ProofForm({ step, word, onProof }: Props) {
  const ways = step.ways.filter((way) => way !== "passkey" || passkeysWork());
  const [way, choose] = useState<Way | undefined>(ways[0]);
  const [refused, setRefused] = useState("");
  const [busy, setBusy] = useState(false);

  async function show(proof: () => Promise<Omit<Proof, "challenge">>): Promise<void> {
    setBusy(true);
    setRefused("");
    try {
      await onProof({ challenge: step.challenge, ...(await proof()) });
    } catch (error) {
      setRefused(error instanceof Error ? error.message : "This did not work.");
      setBusy(false);
    }
  }

  function typed(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const text = String(new FormData(event.currentTarget).get("text"));
    if (way) void show(async () => ({ way, text }));
  }

  const options = step.passkey;
  if (!way) return <p role="alert">There is no way to show here who you are. Sign out, sign in again, and do it within five minutes.</p>;
  return (
    <form className={styles.form} onSubmit={typed}>
      {way === "passkey" && options ? (
        <>
          <p>Your device asks for a finger, your face or its PIN.</p>
          <button
            type="button"
            className="button main"
            disabled={busy}
            data-autofocus
            onClick={() => void show(async () => ({ way, credential: await signed(options) }))}
          >
            {busy ? "Waiting for the device" : "Use the passkey"}
          </button>
        </>
      ) : (
        <>
          <TypedProof key={way} way={way} />
          <button type="submit" className="button main" disabled={busy}>
            {word}
          </button>
        </>
      )}
      {refused && (
        <p className={styles.refused} role="alert">
          {refused}
        </p>
      )}
      {ways.length > 1 && (
        <p className={styles.ways}>
          {ways
            .filter((each) => each !== way)
            .map((each) => (
              <button
                key={each}
                type="button"
                className={styles.way}
                onClick={() => {
                  choose(each);
                  setRefused("");
                }}
              >
                {WORDS[each]}
              </button>
            ))}
        </p>
      )}
    </form>
  );
}

function TypedProof({ way }: { way: Way }) {
  const shared = { name: "text", size: "md", required: true, withAsterisk: false, autoFocus: true, "data-autofocus": true } as const;
  if (way === "password")
    return (
      <PasswordInput
        {...shared}
        label="Password"
        autoComplete="current-password"
        visibilityToggleButtonProps={{ "aria-label": "Show the password", tabIndex: 0 }}
      />
    );
  if (way === "recovery")
    return (
      <TextInput
        {...shared}
        label="Recovery code"
        description="From the list you kept; it works once"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
      />
    );
  return (
    <TextInput
      {...shared}
      label="Code"
      description="Six digits, from the app on your phone"
      inputMode="numeric"
      pattern="[0-9 ]{6,7}"
      title="Six digits"
      autoComplete="one-time-code"
      classNames={{ input: styles.code ?? "" }}
    />
  );
}
