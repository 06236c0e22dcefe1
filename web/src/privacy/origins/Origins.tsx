/** Other sites whose pages may ask here: nobody by default, some paths for a while where an administrator says so. */

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { failed, note } from "@/acts/toasts";
import { Problem } from "@/design/Problem";
import { Skeleton } from "@/design/Skeleton";
import { useOpened } from "@/feeds/opened";
import styles from "@/privacy/origins/Origins.module.css";
import { type Origin, originsQuery, withdrawOrigin } from "@/privacy/origins/queries";
import { usePerson } from "@/shell/person";
import accounts from "@/system/Accounts.module.css";
import system from "@/system/System.module.css";
import { duration, moment } from "@/time/words";

const AllowOrigin = lazy(() => import("@/privacy/origins/AllowOrigin"));

export function Origins() {
  const { data, error, refetch } = useQuery(originsQuery);
  const [adding, add, leave] = useOpened<true>();
  const mayChange = usePerson().roles.includes("admin");
  if (error && !data) return <Problem error={error} again={() => void refetch()} />;
  return (
    <section className="panel" aria-label="Other sites">
      <header className={accounts.head}>
        <h2>Other sites</h2>
        <small>{data && said(data.origins.length)}</small>
        {mayChange && (
          <button type="button" className="button main" onClick={() => add(true)}>
            Let a site ask
          </button>
        )}
      </header>
      {!data && (
        <p className={system.bone}>
          <Skeleton width="50%" />
        </p>
      )}
      {data?.origins.length === 0 && (
        <p className={system.says}>
          <b>Only our own pages ask here.</b> A page of another site is turned away by the browser and by Wardline, whoever is signed in.
        </p>
      )}
      <ul>
        {data?.origins.map((each) => (
          <Line key={each.id || each.origin} site={each} now={Date.parse(data.as_of)} mayChange={mayChange} />
        ))}
      </ul>
      <p className={styles.note}>
        Whoever uses such a page still signs in and sees what their role allows. Cookies never go along, signing in is never open to another
        site, and an emergency is no reason to add one.
      </p>
      <Suspense>{adding && <AllowOrigin onClose={leave} />}</Suspense>
    </section>
  );
}

const said = (sites: number): string => (sites === 0 ? "none" : sites === 1 ? "1 site" : `${sites} sites`);

function Line({ site, now, mayChange }: { site: Origin; now: number; mayChange: boolean }) {
  const queries = useQueryClient();
  const withdrawing = useMutation({
    mutationFn: () => withdrawOrigin(site.id),
    onSuccess: () => {
      note(`${site.origin} may not ask any more.`);
      void queries.invalidateQueries({ queryKey: ["origins"] });
    },
    onError: (problem) => failed(problem.message),
  });
  return (
    <li className={styles.line} data-origin={site.origin}>
      <div>
        <b className={styles.origin}>{site.origin}</b>
        <small>
          {site.reason}
          {site.by && `, let in by ${site.by}`}
        </small>
      </div>
      <ul className={styles.paths} aria-label="May ask">
        {site.paths.map((each) => (
          <li key={each}>
            <code>{each}</code>
          </li>
        ))}
      </ul>
      <span className={styles.until}>{until(site, now)}</span>
      {mayChange && site.id ? (
        <button type="button" className="button" disabled={withdrawing.isPending} onClick={() => withdrawing.mutate()}>
          Withdraw
        </button>
      ) : (
        <span />
      )}
    </li>
  );
}

function until({ expires_at: ends }: Origin, now: number): string {
  return ends ? `ends ${moment(ends, now)}, in ${duration((Date.parse(ends) - now) / 1_000)}` : "in the settings";
}
