/** The house's secrets, never their values: what each protects, its age, and a new version at one press and a fresh proof. */

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Age } from "@/design/Age";
import { Problem } from "@/design/Problem";
import { Skeleton } from "@/design/Skeleton";
import styles from "@/privacy/keys/Keys.module.css";
import { type Key, keysQuery, renewKey } from "@/privacy/keys/queries";
import { usePerson } from "@/shell/person";
import system from "@/system/System.module.css";

export function Secrets() {
  const { data, error, refetch } = useQuery(keysQuery);
  return (
    <section className="panel" aria-label="Keys">
      <h2 className={system.head}>Keys</h2>
      {error && !data && <Problem error={error} again={() => void refetch()} />}
      {!data && !error && (
        <p className={system.says}>
          <Skeleton width="60%" />
        </p>
      )}
      {data && (
        <ul>
          {data.keys.map((each) => (
            <Line key={each.name} secret={each} />
          ))}
          <li className={styles.patients}>
            <b>{data.patients}</b> keys of patients, each wrapped by the master key. Who is erased loses theirs, and what it sealed is gone.
          </li>
        </ul>
      )}
      <p className={styles.note}>Keep a copy of the secrets apart from the backups of the data: without them nothing here can be read.</p>
    </section>
  );
}

const KEPT = {
  file: "in a file of the data folder",
  "key service": "by the key service",
  environment: "outside, given at the start",
} as const;

function Line({ secret }: { secret: Key }) {
  const queries = useQueryClient();
  const renewing = useMutation({
    mutationFn: () => renewKey(secret.name),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["keys"] }),
  });
  return (
    <li className={styles.secret} data-key={secret.name}>
      <div>
        <b>{secret.name[0]?.toUpperCase() + secret.name.slice(1)}</b> <small>version {secret.version}</small>
        <p>{secret.protects}</p>
        <p className={styles.fine}>
          Kept {KEPT[secret.origin]}
          {secret.made_at && (
            <>
              , made <Age at={secret.made_at} /> ago
            </>
          )}
        </p>
      </div>
      {usePerson().roles.includes("admin") && secret.origin !== "environment" && (
        <button type="button" className="button" disabled={renewing.isPending} onClick={() => renewing.mutate()}>
          {renewing.isPending ? "Renewing" : "Renew"}
        </button>
      )}
      <p role="status">
        {renewing.isSuccess && `Version ${renewing.data.version} is in use.`}
        {renewing.isError && renewing.error.message}
      </p>
    </li>
  );
}
