/** A new account: a person can sign in at once, a program once it has an API key. */

import { Modal } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { note } from "@/acts/toasts";
import styles from "@/system/Accounts.module.css";
import { addAccount } from "@/system/queries";
import { RolesField } from "@/system/RolesField";
import { unitsIn } from "@/system/units";

export default function AddAccount({ onClose }: { onClose: () => void }) {
  const [kind, setKind] = useState<"person" | "service">("person");
  const [roles, setRoles] = useState<string[]>([]);
  const [refused, setRefused] = useState("");
  const queries = useQueryClient();
  const adding = useMutation({
    mutationFn: addAccount,
    onSuccess: (made) => {
      note(made.kind === "person" ? `${made.name} can sign in as ${made.login}.` : `${made.name} has an account. Now make its API key.`);
      void queries.invalidateQueries({ queryKey: ["accounts"] });
      onClose();
    },
  });

  function decide(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    if (roles.length === 0) return setRefused("Choose at least one role.");
    const entered = new FormData(event.currentTarget);
    const [name = "", login = "", password = "", units = ""] = ["name", "login", "password", "units"].map((field) =>
      String(entered.get(field)),
    );
    const account = { name: name.trim(), login: login.trim(), roles, units: unitsIn(units), kind };
    adding.mutate(kind === "person" ? { ...account, password } : account);
  }

  return (
    <Modal opened onClose={onClose} title="Add an account" closeButtonProps={{ "aria-label": "Close" }}>
      <form className={styles.form} onSubmit={decide}>
        <div className={styles.kinds} role="group" aria-label="Whose account">
          <button type="button" className="button" aria-pressed={kind === "person"} onClick={() => setKind("person")}>
            A person
          </button>
          <button type="button" className="button" aria-pressed={kind === "service"} onClick={() => setKind("service")}>
            A program
          </button>
        </div>
        <label className={styles.field}>
          <b>Name</b>
          <input name="name" required maxLength={100} autoComplete="off" data-autofocus />
        </label>
        <label className={styles.field}>
          <b>Sign-in name</b>
          <small>Letters, digits, dots, dashes</small>
          <input name="login" required maxLength={100} autoComplete="off" autoCapitalize="none" />
        </label>
        {kind === "person" && (
          <label className={styles.field}>
            <b>First password</b>
            <small>Give it to the person yourself; they can change it</small>
            <input name="password" type="password" required maxLength={200} autoComplete="new-password" />
          </label>
        )}
        <RolesField roles={roles} refused={roles.length === 0 ? refused : ""} onChange={setRoles} />
        <label className={styles.field}>
          <b>Units</b>
          <small>Codes with commas between them; empty for all</small>
          <input name="units" autoComplete="off" placeholder="W7, ICU" />
        </label>
        {adding.error && <strong role="alert">{adding.error.message}</strong>}
        <div className={styles.buttons}>
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button main" disabled={adding.isPending}>
            Add
          </button>
        </div>
      </form>
    </Modal>
  );
}
