/** What programs come in with: each key with what it may do, until when, and when it was last used. */

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { failed, note } from "@/acts/toasts";
import { Problem } from "@/design/Problem";
import { Skeleton } from "@/design/Skeleton";
import { useOpened } from "@/feeds/opened";
import { counted } from "@/feeds/words";
import styles from "@/system/Accounts.module.css";
import { apiKeysQuery, endApiKey } from "@/system/queries";
import system from "@/system/System.module.css";
import type { ApiKey } from "@/system/types";
import { date, moment } from "@/time/words";

const MakeApiKey = lazy(() => import("@/system/MakeApiKey"));

export function ApiKeys() {
  const { data, error, refetch } = useQuery(apiKeysQuery);
  const [making, make, leave] = useOpened<true>();
  if (error && !data) return <Problem error={error} again={() => void refetch()} />;
  const open = data?.keys.filter((key) => key.state === "open").length ?? 0;
  return (
    <section className="panel" aria-label="API keys">
      <header className={styles.head}>
        <h2>API keys</h2>
        <small>{data && `${counted(open, "key", "keys")} in use`}</small>
        <button type="button" className="button" onClick={() => make(true)} disabled={!data}>
          Make an API key
        </button>
      </header>
      {!data && (
        <p className={system.bone}>
          <Skeleton width="50%" />
        </p>
      )}
      {data?.keys.length === 0 && (
        <p className={system.says}>No program comes in with a key. A monitoring system that reads the metrics would be the first.</p>
      )}
      <ul>
        {data?.keys.map((key) => (
          <Line key={key.id} apiKey={key} actions={data.actions} />
        ))}
      </ul>
      <Suspense>{making && data && <MakeApiKey actions={data.actions} onClose={leave} />}</Suspense>
    </section>
  );
}

function Line({ apiKey: key, actions }: { apiKey: ApiKey; actions: Record<string, string> }) {
  const queries = useQueryClient();
  const ending = useMutation({
    mutationFn: () => endApiKey(key.id),
    onSuccess: () => {
      note(`${key.name} is refused from now on.`);
      void queries.invalidateQueries({ queryKey: apiKeysQuery.queryKey });
    },
    onError: (problem) => failed(problem.message),
  });
  return (
    <li className={`${styles.line} ${styles.key}`} data-closed={key.state !== "open" || undefined}>
      <div>
        <b>{key.name}</b>
        <small>{key.account_name}</small>
      </div>
      <span>
        {key.scopes.map((scope) => actions[scope] ?? scope).join("; ")}
        {key.addresses.length > 0 && <small>only from {key.addresses.join(", ")}</small>}
      </span>
      <span>
        {STATES[key.state]} {key.state === "ended" ? "" : date(Date.parse(key.ends_at))}
        <small>{key.used_at ? `last used ${moment(key.used_at, Date.now())}` : "never used"}</small>
      </span>
      <span>
        {key.state === "open" && (
          <button
            type="button"
            className="button"
            disabled={ending.isPending}
            onClick={() => ending.mutate()}
            aria-label={`End the key ${key.name}`}
          >
            End
          </button>
        )}
      </span>
    </li>
  );
}

const STATES = { open: "Until", expired: "Expired", ended: "Ended by hand" } as const;
