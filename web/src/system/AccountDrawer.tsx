/** One account: roles and units, where the person is signed in, a new password, closing and opening it. */

import { Drawer } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { failed, note } from "@/acts/toasts";
import { useNarrow } from "@/design/media";
import { Problem } from "@/design/Problem";
import { usePerson } from "@/shell/person";
import styles from "@/system/Accounts.module.css";
import { changeAccount, devicesQuery, endSession, endSessions, removeFactors } from "@/system/queries";
import { RolesField } from "@/system/RolesField";
import type { Account, AccountChange, Device } from "@/system/types";
import { unitsIn } from "@/system/units";
import { deviceSaid, factorsSaid } from "@/system/words";
import { moment } from "@/time/words";

export default function AccountDrawer({ account, onClose }: { account: Account; onClose: () => void }) {
  const narrow = useNarrow();
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size={narrow ? "100%" : 480}
      title={`${account.name}, ${account.login}`}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <div className={styles.form}>
        <Access account={account} />
        {account.state !== "closed" && account.kind === "person" && (
          <>
            <Devices account={account} />
            <SecondFactors account={account} />
            <Password account={account} />
          </>
        )}
        <Closing account={account} />
      </div>
    </Drawer>
  );
}

/** What is changed is shown at once; what the server refuses is said in its words. */
function useChange(account: Account, said: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (change: AccountChange) => changeAccount(account.id, change),
    onSuccess: () => {
      note(said);
      void queries.invalidateQueries({ queryKey: ["accounts"] });
    },
    onError: (error) => failed(error.message),
  });
}

function Access({ account }: { account: Account }) {
  const [roles, setRoles] = useState(account.roles);
  const [units, setUnits] = useState(account.units.join(", "));
  const [refused, setRefused] = useState("");
  const changing = useChange(account, `${account.name} now has these roles, and signs in anew.`);
  const changed = [...roles].sort().join() !== [...account.roles].sort().join() || unitsIn(units).join() !== account.units.join();

  function decide(event: FormEvent): void {
    event.preventDefault();
    if (roles.length === 0) return setRefused("Choose at least one role, or close the account.");
    changing.mutate({ roles, units: unitsIn(units) });
  }

  return (
    <form className={styles.form} onSubmit={decide}>
      <RolesField roles={roles} refused={roles.length === 0 ? refused : ""} onChange={setRoles} />
      <label className={styles.field}>
        <b>Units</b>
        <small>Codes with commas between them; empty for all</small>
        <input value={units} onChange={(event) => setUnits(event.target.value)} autoComplete="off" />
      </label>
      <div className={styles.buttons}>
        <button type="submit" className="button main" disabled={!changed || changing.isPending}>
          Save
        </button>
      </div>
    </form>
  );
}

function Devices({ account }: { account: Account }) {
  const { data, error, refetch } = useQuery(devicesQuery(account.id));
  const queries = useQueryClient();
  const ending = useMutation({
    mutationFn: (device: Device | null) => (device ? endSession(device.id) : endSessions(account.id)),
    onSuccess: (_, device) => {
      note(device ? `Signed out on ${deviceSaid(device.device)}.` : `${account.name} is signed out everywhere.`);
      void queries.invalidateQueries({ queryKey: devicesQuery(account.id).queryKey });
    },
    onError: (problem) => failed(problem.message),
  });
  const others = data?.filter((each) => !each.current) ?? [];
  return (
    <section className={styles.part}>
      <h3>Signed in</h3>
      {error && <Problem error={error} again={() => void refetch()} />}
      {data?.length === 0 && <p className="quiet">– nowhere at the moment</p>}
      <ul>
        {data?.map((each) => (
          <li key={each.id} className={styles.device}>
            <span>
              {deviceSaid(each.device)}
              {each.current && " (this one)"}
              <small>
                since {said(each.started_at)}, last used {said(each.seen_at)}
              </small>
            </span>
            {!each.current && (
              <button type="button" className="button" disabled={ending.isPending} onClick={() => ending.mutate(each)}>
                Sign out
              </button>
            )}
          </li>
        ))}
      </ul>
      {others.length > 1 && (
        <div className={styles.buttons}>
          <button type="button" className="button" disabled={ending.isPending} onClick={() => ending.mutate(null)}>
            Sign out everywhere
          </button>
        </div>
      )}
    </section>
  );
}

/** Sessions run by this machine's clock, not by a simulated hospital's. */
const said = (at: string): string => moment(at, Date.now());

function SecondFactors({ account }: { account: Account }) {
  const own = usePerson().id === account.id;
  const queries = useQueryClient();
  const removing = useMutation({
    mutationFn: () => removeFactors(account.id),
    onSuccess: () => {
      note(`${account.name} has no second factor any more, and was signed out.`);
      void queries.invalidateQueries({ queryKey: ["accounts"] });
    },
    onError: (problem) => failed(problem.message),
  });
  return (
    <section className={styles.part}>
      <h3>Second factors</h3>
      <p>{factorsSaid(account.factors)}</p>
      {account.factors.length > 0 && !own && (
        <>
          <p className="fine">
            If all of them are lost, take them away. Make sure first, face to face or by a call back, that it is them who asks.
          </p>
          <div className={styles.buttons}>
            <button type="button" className="button" disabled={removing.isPending} onClick={() => removing.mutate()}>
              Take them away
            </button>
          </div>
        </>
      )}
    </section>
  );
}

function Password({ account }: { account: Account }) {
  const changing = useChange(account, `${account.name} signs in with the new password from now on.`);

  function decide(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const form = event.currentTarget;
    const password = String(new FormData(form).get("password"));
    changing.mutate({ password }, { onSuccess: () => form.reset() });
  }

  return (
    <form className={styles.part} onSubmit={decide}>
      <label className={styles.field}>
        <b>New password</b>
        <small>Ends every sign-in of this person</small>
        <span className={styles.beside}>
          <input name="password" type="password" required maxLength={200} autoComplete="new-password" />
          <button type="submit" className="button" disabled={changing.isPending}>
            Set
          </button>
        </span>
      </label>
    </form>
  );
}

function Closing({ account }: { account: Account }) {
  const own = usePerson().id === account.id;
  const closed = account.state === "closed";
  const changing = useChange(
    account,
    closed ? `${account.name} can sign in again.` : `${account.name} is signed out and cannot sign in any more.`,
  );
  return (
    <section className={styles.part}>
      <h3>{closed ? "Closed" : "Close the account"}</h3>
      <p className="fine">
        {closed
          ? "The account stays in the list, because the audit trail names it."
          : own
            ? "You cannot close your own account; another administrator can."
            : "Ends every sign-in at once. The account stays in the list, because the audit trail names it, and can be opened again."}
      </p>
      {!own && (
        <div className={styles.buttons}>
          <button type="button" className="button" disabled={changing.isPending} onClick={() => changing.mutate({ active: closed })}>
            {closed ? "Open again" : "Close"}
          </button>
        </div>
      )}
    </section>
  );
}
