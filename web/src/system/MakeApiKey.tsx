/** A new key for a program: for whom, for what, until when; its secret is shown once. */

import { Modal } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Copy } from "@/library/Copy";
import styles from "@/system/Accounts.module.css";
import { accountsQuery, apiKeysQuery, makeApiKey } from "@/system/queries";
import { unitsIn } from "@/system/units";

const DAYS = [
  [30, "30 days"],
  [90, "90 days"],
  [365, "A year"],
] as const;
const DAY = 86_400_000;
const COMMONEST = "system.read";

/** What most keys are for stands first, the rest as the access policy lists it. */
const commonestFirst = ([one]: [string, string], [other]: [string, string]): number =>
  Number(other === COMMONEST) - Number(one === COMMONEST);

export default function MakeApiKey({ actions, onClose }: { actions: Record<string, string>; onClose: () => void }) {
  const accounts = useQuery(accountsQuery).data?.filter((each) => each.kind === "service" && each.state !== "closed") ?? [];
  const [scopes, setScopes] = useState<string[]>([COMMONEST]);
  const [refused, setRefused] = useState("");
  const queries = useQueryClient();
  const making = useMutation({
    mutationFn: makeApiKey,
    onSuccess: () => void queries.invalidateQueries({ queryKey: apiKeysQuery.queryKey }),
  });

  function decide(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    if (scopes.length === 0) return setRefused("Choose at least one thing it may do.");
    const entered = new FormData(event.currentTarget);
    const [account = "", name = "", days = "", addresses = ""] = ["account", "name", "days", "addresses"].map((field) =>
      String(entered.get(field)),
    );
    const ends_at = new Date(Date.now() + Number(days) * DAY).toISOString();
    making.mutate({ account, name: name.trim(), scopes, ends_at, addresses: unitsIn(addresses) });
  }

  return (
    <Modal opened onClose={onClose} title="Make an API key" closeButtonProps={{ "aria-label": "Close" }}>
      {making.data ? (
        <Made secret={making.data.secret} onClose={onClose} />
      ) : accounts.length === 0 ? (
        <p>
          <b>A key belongs to a program's account, and there is none yet.</b> Add an account first, and choose “A program” there.
        </p>
      ) : (
        <form className={styles.form} onSubmit={decide}>
          <label className={styles.field}>
            <b>Program</b>
            <select name="account" required>
              {accounts.map((each) => (
                <option key={each.id} value={each.id}>
                  {each.name}
                </option>
              ))}
            </select>
          </label>
          <label className={styles.field}>
            <b>What the key is for</b>
            <input name="name" required maxLength={100} autoComplete="off" data-autofocus />
          </label>
          <fieldset className={styles.roles}>
            <legend>It may</legend>
            <div className={styles.actions}>
              {Object.entries(actions)
                .sort(commonestFirst)
                .map(([action, says]) => (
                  <label key={action}>
                    <input
                      type="checkbox"
                      checked={scopes.includes(action)}
                      onChange={(event) => setScopes(event.target.checked ? [...scopes, action] : scopes.filter((each) => each !== action))}
                    />
                    <span>
                      {says}
                      <small>{action}</small>
                    </span>
                  </label>
                ))}
            </div>
            {scopes.length === 0 && refused && <strong role="alert">{refused}</strong>}
          </fieldset>
          <label className={styles.field}>
            <b>For</b>
            <select name="days" defaultValue={90}>
              {DAYS.map(([days, words]) => (
                <option key={days} value={days}>
                  {words}
                </option>
              ))}
            </select>
          </label>
          <label className={styles.field}>
            <b>Only from these networks</b>
            <small>With commas between them; empty for any</small>
            <input name="addresses" autoComplete="off" placeholder="10.20.0.0/16" />
          </label>
          {making.error && <strong role="alert">{making.error.message}</strong>}
          <div className={styles.buttons}>
            <button type="button" className="button" onClick={onClose}>
              Cancel
            </button>
            <button type="submit" className="button main" disabled={making.isPending}>
              Make the key
            </button>
          </div>
        </form>
      )}
    </Modal>
  );
}

function Made({ secret, onClose }: { secret: string; onClose: () => void }) {
  return (
    <div className={styles.form}>
      <p>
        <b>Put this key where the program reads it, now:</b> it is not shown again. The program sends it as a bearer token.
      </p>
      <p className={styles.secret} aria-label="The new key">
        {secret}
      </p>
      <div className={styles.buttons}>
        <Copy text={secret} />
        <button type="button" className="button main" onClick={onClose}>
          Done
        </button>
      </div>
    </div>
  );
}
