/** Who may sign in, as what; made, changed and closed by administrators. */

import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { Problem } from "@/design/Problem";
import { Skeleton } from "@/design/Skeleton";
import { useOpened } from "@/feeds/opened";
import { counted } from "@/feeds/words";
import { usePerson } from "@/shell/person";
import styles from "@/system/Accounts.module.css";
import { ApiKeys } from "@/system/ApiKeys";
import { accountsQuery } from "@/system/queries";
import system from "@/system/System.module.css";
import type { Account } from "@/system/types";
import { factorsSaid, rolesSaid } from "@/system/words";

const AccountDrawer = lazy(() => import("@/system/AccountDrawer"));
const AddAccount = lazy(() => import("@/system/AddAccount"));

export function Accounts() {
  if (!usePerson().roles.includes("admin"))
    return (
      <section className={`panel ${system.why}`}>
        <p>
          <b>Accounts are kept by administrators.</b> Ask one of them for an account, another role or a new password.
        </p>
      </section>
    );
  return (
    <>
      <Everybody />
      <ApiKeys />
    </>
  );
}

function Everybody() {
  const { data, error, refetch } = useQuery(accountsQuery);
  const [opened, open, close] = useOpened<string>();
  const [adding, add, leave] = useOpened<true>();
  if (error && !data) return <Problem error={error} again={() => void refetch()} />;
  const sorted = [...(data ?? [])].sort(
    (one, other) => Number(one.state === "closed") - Number(other.state === "closed") || one.name.localeCompare(other.name),
  );
  const account = sorted.find((each) => each.id === opened);
  return (
    <section className="panel" aria-label="Accounts">
      <header className={styles.head}>
        <h2>Accounts</h2>
        <small>{data && said(data)}</small>
        <button type="button" className="button main" onClick={() => add(true)}>
          Add an account
        </button>
      </header>
      {!data && (
        <p className={system.bone}>
          <Skeleton width="50%" />
        </p>
      )}
      <ul>
        {sorted.map((each) => (
          <Line key={each.id} account={each} onOpen={() => open(each.id)} />
        ))}
      </ul>
      <Suspense>
        {account && <AccountDrawer account={account} onClose={close} />}
        {adding && <AddAccount onClose={leave} />}
      </Suspense>
    </section>
  );
}

function said(accounts: readonly Account[]): string {
  const closed = accounts.filter((each) => each.state === "closed").length;
  const programs = accounts.filter((each) => each.kind === "service" && each.state !== "closed").length;
  return [
    counted(accounts.length - closed - programs, "person", "people"),
    programs > 0 && counted(programs, "program", "programs"),
    closed > 0 && `${closed} closed`,
  ]
    .filter(Boolean)
    .join(", ");
}

function Line({ account, onOpen }: { account: Account; onOpen: () => void }) {
  const own = usePerson().id === account.id;
  return (
    <li className={styles.line} data-account={account.login} data-closed={account.state === "closed" || undefined}>
      <div>
        <button type="button" className={styles.open} onClick={onOpen}>
          {account.name}
          {own && " (you)"}
        </button>
        <small>{account.login}</small>
      </div>
      <span>{rolesSaid(account.roles)}</span>
      <span>{account.units.length > 0 ? account.units.join(", ") : "All units"}</span>
      <span className={account.state === "open" ? "quiet" : undefined}>
        {STATES[account.state]}
        <small>{account.kind === "service" ? "A program, with API keys" : factorsSaid(account.factors)}</small>
      </span>
    </li>
  );
}

const STATES = { open: "Open", locked: "Locked after wrong passwords", closed: "Closed" } as const;
