/** A new app: what its maker says about it, and the most it may ask for. */

import { Modal } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import styles from "@/privacy/apps/Apps.module.css";
import { PROOFS } from "@/privacy/apps/Apps";
import { SecretShown } from "@/privacy/apps/SecretShown";
import { addApp } from "@/smart/queries";
import type { Proof } from "@/smart/types";
import accounts from "@/system/Accounts.module.css";
import { RolesField } from "@/system/RolesField";

const WAYS = Object.entries(PROOFS) as [Proof, string][];

export default function AddApp({ onClose }: { onClose: () => void }) {
  const [proof, setProof] = useState<Proof>("none");
  const [roles, setRoles] = useState<string[]>([]);
  const [isService, setService] = useState(false);
  const queries = useQueryClient();
  const adding = useMutation({
    mutationFn: addApp,
    onSuccess: () => void queries.invalidateQueries({ queryKey: ["apps"] }),
  });

  function decide(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const entered = new FormData(event.currentTarget);
    const text = (field: string) => String(entered.get(field) ?? "").trim();
    const keys = text("keys");
    adding.mutate({
      name: text("name"),
      publisher: text("publisher"),
      proof,
      scopes: text("scopes").split(/\s+/).filter(Boolean),
      redirects: text("redirects").split(/\s+/).filter(Boolean),
      launch_url: text("launch"),
      keys: keys.startsWith("{") ? keys : "",
      keys_url: keys.startsWith("{") ? "" : keys,
      roles: isService ? roles : [],
      introspects: false,
    });
  }

  return (
    <Modal opened onClose={onClose} title="Enter an app" size="lg" closeButtonProps={{ "aria-label": "Close" }}>
      {adding.data ? (
        <div className={accounts.form}>
          <SecretShown entered={adding.data} />
          <div className={accounts.buttons}>
            <button type="button" className="button main" onClick={onClose}>
              Done
            </button>
          </div>
        </div>
      ) : (
        <form className={accounts.form} onSubmit={decide} onChange={() => adding.reset()}>
          <Field name="name" label="Name" says="As its users know it" required />
          <Field name="publisher" label="Publisher" says="Who answers for it" />
          <label className={accounts.field}>
            <b>Scopes</b>
            <small>The most it may ask for, with spaces between them</small>
            <textarea
              name="scopes"
              className={styles.area}
              required
              spellCheck={false}
              placeholder={isService ? "system/*.rs" : "launch openid fhirUser patient/*.rs"}
            />
          </label>
          <fieldset className={styles.ways}>
            <legend>How it proves that it is itself</legend>
            {WAYS.map(([way, words]) => (
              <label key={way}>
                <input type="radio" name="proof" checked={proof === way} onChange={() => setProof(way)} />
                {words}
              </label>
            ))}
          </fieldset>
          {proof === "private_key_jwt" && (
            <>
              <label className={accounts.field}>
                <b>Its public keys</b>
                <small>The address they are kept at (listed in config/outgoing.yaml as well), or the JWK set itself</small>
                <textarea name="keys" className={styles.area} required spellCheck={false} placeholder="https://app.example/jwks.json" />
              </label>
              <fieldset className={styles.ways}>
                <legend>For whom it acts</legend>
                <label>
                  <input type="radio" name="acts" checked={!isService} onChange={() => setService(false)} />
                  For the person who allows it
                </label>
                <label>
                  <input type="radio" name="acts" checked={isService} onChange={() => setService(true)} />
                  For itself: a service behind the scenes
                </label>
              </fieldset>
            </>
          )}
          {isService && proof === "private_key_jwt" ? (
            <RolesField roles={roles} onChange={setRoles} />
          ) : (
            <>
              <label className={accounts.field}>
                <b>Redirect addresses</b>
                <small>Where its answers go, to the letter; one in a line</small>
                <textarea name="redirects" className={styles.area} required spellCheck={false} placeholder="https://app.example/callback" />
              </label>
              <Field
                name="launch"
                label="Launch address"
                says="If it can be opened from a patient’s page"
                placeholder="https://app.example/launch"
              />
            </>
          )}
          {adding.error && <strong role="alert">{adding.error.message}</strong>}
          <div className={accounts.buttons}>
            <button type="button" className="button" onClick={onClose}>
              Cancel
            </button>
            <button type="submit" className="button main" disabled={adding.isPending}>
              Enter it
            </button>
          </div>
        </form>
      )}
    </Modal>
  );
}

interface FieldProps {
  name: string;
  label: string;
  says: string;
  required?: boolean;
  placeholder?: string;
}

function Field({ name, label, says, required = false, placeholder = "" }: FieldProps) {
  return (
    <label className={accounts.field}>
      <b>{label}</b>
      <small>{says}</small>
      <input
        name={name}
        required={required}
        placeholder={placeholder}
        maxLength={500}
        autoComplete="off"
        data-autofocus={name === "name"}
      />
    </label>
  );
}
