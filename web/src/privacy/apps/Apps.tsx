/** Apps of others: who they are, what they may ask for, how many people have allowed them. Kept by administrators. */

import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { Problem } from "@/design/Problem";
import { Skeleton } from "@/design/Skeleton";
import { useOpened } from "@/feeds/opened";
import { counted } from "@/feeds/words";
import styles from "@/privacy/apps/Apps.module.css";
import { appsQuery } from "@/smart/queries";
import type { App, Proof } from "@/smart/types";
import accounts from "@/system/Accounts.module.css";
import system from "@/system/System.module.css";

const AddApp = lazy(() => import("@/privacy/apps/AddApp"));
const AppDrawer = lazy(() => import("@/privacy/apps/AppDrawer"));

export const PROOFS: Record<Proof, string> = {
  none: "No secret (browser or phone)",
  client_secret_basic: "A secret",
  private_key_jwt: "Its private key",
};

export function Apps() {
  const { data, error, refetch } = useQuery(appsQuery);
  const [opened, open, close] = useOpened<string>();
  const [adding, add, leave] = useOpened<true>();
  if (error && !data) return <Problem error={error} again={() => void refetch()} />;
  const sorted = [...(data ?? [])].sort(
    (one, other) => Number(Boolean(one.closed_at)) - Number(Boolean(other.closed_at)) || one.name.localeCompare(other.name),
  );
  const app = sorted.find((each) => each.id === opened);
  return (
    <section className="panel" aria-label="Apps">
      <header className={accounts.head}>
        <h2>Apps</h2>
        <small>{data && counted(data.filter((each) => !each.closed_at).length, "app", "apps")}</small>
        <button type="button" className="button main" onClick={() => add(true)}>
          Enter an app
        </button>
      </header>
      {!data && (
        <p className={system.bone}>
          <Skeleton width="50%" />
        </p>
      )}
      {data?.length === 0 && (
        <p className={system.says}>
          <b>No app is known here yet.</b> Enter one with the addresses and scopes its maker gives you. Until then every app is turned away.
        </p>
      )}
      <ul>
        {sorted.map((each) => (
          <Line key={each.id} app={each} onOpen={() => open(each.id)} />
        ))}
      </ul>
      <Suspense>
        {app && <AppDrawer app={app} onClose={close} />}
        {adding && <AddApp onClose={leave} />}
      </Suspense>
    </section>
  );
}

function Line({ app, onOpen }: { app: App; onOpen: () => void }) {
  return (
    <li className={accounts.line} data-app={app.id} data-closed={app.closed_at ? true : undefined}>
      <div>
        <button type="button" className={accounts.open} onClick={onOpen}>
          {app.name}
        </button>
        <small>{app.publisher || "– no publisher"}</small>
      </div>
      <span className={styles.scopes}>{app.scopes.join(" ")}</span>
      <span>{PROOFS[app.proof]}</span>
      <span className={app.closed_at ? undefined : "quiet"}>{state(app)}</span>
    </li>
  );
}

function state(app: App): string {
  if (app.closed_at) return "Closed";
  if (app.roles.length > 0) return "Service";
  return app.grants === 0 ? "Allowed by nobody yet" : `Allowed ${counted(app.grants, "time", "times")}`;
}
