/** A new second factor: an app that shows codes, or a passkey in this device; and the recovery codes that come with the first. */

import { TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { note } from "@/acts/toasts";
import styles from "@/account/Account.module.css";
import { type Added, addApp, addPasskey, offerApp, offerPasskey } from "@/account/queries";
import { Problem } from "@/design/Problem";
import { Skeleton } from "@/design/Skeleton";
import { Copy } from "@/library/Copy";
import { made } from "@/signin/passkey";
import { deviceSaid } from "@/system/words";

/** After it the account is another one: who they are is asked again by whoever shows it. */
export type OnAdded = (added: Added) => void;

export function AddApp({ onAdded }: { onAdded: OnAdded }) {
  // Each time it is opened there is another secret: none is kept.
  const {
    data: offer,
    error,
    refetch,
  } = useQuery({
    queryKey: ["own", "offer"],
    queryFn: offerApp,
    gcTime: 0,
    staleTime: Infinity,
    refetchOnWindowFocus: false,
  });
  const { refused, busy, attempt } = useAttempt(onAdded);

  function finish(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const entered = new FormData(event.currentTarget);
    if (offer) attempt(() => addApp({ token: offer.token, code: String(entered.get("code")), name: String(entered.get("name")).trim() }));
  }

  if (error) return <Problem error={error} again={() => void refetch()} />;
  if (!offer) return <Skeleton width="100%" height="14rem" />;
  return (
    <form className={styles.form} onSubmit={finish}>
      <div className={styles.scan}>
        {/* The server has drawn it; it holds nothing that anybody typed. */}
        <div className={styles.square} role="img" aria-label="Square code for the app" dangerouslySetInnerHTML={{ __html: offer.square }} />
        <p>
          Open an authenticator app on your phone and scan the square. If that does not work, type this secret into it:{" "}
          <span className={styles.secret}>{offer.secret}</span>
          <br />
          <a href={offer.address}>Open it in an app on this device</a>
        </p>
      </div>
      <TextInput name="name" label="Name of this app" defaultValue="Phone" maxLength={60} size="md" required withAsterisk={false} />
      <TextInput
        name="code"
        label="Code"
        description="The six digits the app shows now"
        inputMode="numeric"
        pattern="[0-9 ]{6,7}"
        title="Six digits"
        autoComplete="one-time-code"
        size="md"
        required
        withAsterisk={false}
        data-autofocus
      />
      {refused && <strong role="alert">{refused}</strong>}
      <button type="submit" className="button main" disabled={busy}>
        Add the app
      </button>
    </form>
  );
}

export function AddPasskey({ onAdded }: { onAdded: OnAdded }) {
  const { refused, busy, attempt } = useAttempt(onAdded);

  function finish(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get("name")).trim();
    attempt(async () => {
      const { token, options } = await offerPasskey();
      return addPasskey({ token, credential: await made(options), name });
    });
  }

  return (
    <form className={styles.form} onSubmit={finish}>
      <p>Your device keeps the passkey and asks for a finger, your face or its PIN when you use it. A security key works, too.</p>
      <TextInput
        name="name"
        label="Name of this passkey"
        description="So that you know it again in a list"
        defaultValue={deviceSaid(navigator.userAgent)}
        maxLength={60}
        size="md"
        required
        withAsterisk={false}
        data-autofocus
      />
      {refused && <strong role="alert">{refused}</strong>}
      <button type="submit" className="button main" disabled={busy}>
        {busy ? "Waiting for the device" : "Add the passkey"}
      </button>
    </form>
  );
}

function useAttempt(onAdded: OnAdded) {
  const queries = useQueryClient();
  const [refused, setRefused] = useState("");
  const [busy, setBusy] = useState(false);

  async function tried(work: () => Promise<Added>): Promise<void> {
    setBusy(true);
    setRefused("");
    try {
      const added = await work();
      note(`${added.factor.name} is now a second factor of yours.`);
      onAdded(added);
      void queries.invalidateQueries({ queryKey: ["own"] });
    } catch (error) {
      setRefused(error instanceof Error ? error.message : "This did not work.");
    }
    setBusy(false);
  }

  return { refused, busy, attempt: (work: () => Promise<Added>) => void tried(work) };
}

export function RecoveryCodes({ codes, onKept }: { codes: readonly string[]; onKept: () => void }) {
  return (
    <div className={styles.form}>
      <p>
        <b>Keep these recovery codes where your phone is not:</b> on paper, or in a password manager. Each opens your account once if you
        lose your second factor. They are not shown again.
      </p>
      <ul className={styles.codes} aria-label="Recovery codes">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className={styles.buttons}>
        <Copy text={codes.join("\n")} />
        <a
          className="button"
          download="wardline-recovery-codes.txt"
          href={`data:text/plain;charset=utf-8,${encodeURIComponent(codes.join("\n"))}`}
        >
          Save as a file
        </a>
        <button type="button" className="button main" onClick={onKept} data-autofocus>
          I have kept them
        </button>
      </div>
    </div>
  );
}
