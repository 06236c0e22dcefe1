/** What you have allowed apps, for whom, until when; and taking it back. */

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { failed, note } from "@/acts/toasts";
import { Empty } from "@/design/Empty";
import { PageHead } from "@/design/PageParts";
import { Problem } from "@/design/Problem";
import { Skeleton } from "@/design/Skeleton";
import styles from "@/smart/Grants.module.css";
import { grantsQuery, takeBack } from "@/smart/queries";
import type { Grant } from "@/smart/types";
import system from "@/system/System.module.css";
import { date, timeOfDay } from "@/time/words";

export function AppsPage() {
  const { data, error, refetch } = useQuery(grantsQuery);
  return (
    <div className={system.page}>
      <PageHead title="Apps you have allowed" />
      {error && !data && <Problem error={error} again={() => void refetch()} />}
      {!data && !error && (
        <section className="panel">
          <p className={system.bone}>
            <Skeleton width="50%" />
          </p>
        </section>
      )}
      {data?.length === 0 && (
        <Empty title="No app acts for you">
          <p>Apps are opened from a patient’s page, or ask by themselves. What you allow stands here until you take it back.</p>
        </Empty>
      )}
      {data && data.length > 0 && (
        <ul className={styles.grants}>
          {data.map((each) => (
            <Line key={each.id} grant={each} />
          ))}
        </ul>
      )}
    </div>
  );
}

function Line({ grant }: { grant: Grant }) {
  const queries = useQueryClient();
  const taking = useMutation({
    mutationFn: () => takeBack(grant),
    onSuccess: () => {
      note(`${grant.app} is out.`);
      void queries.invalidateQueries({ queryKey: grantsQuery.queryKey });
    },
    onError: (error) => failed(error.message),
  });
  return (
    <li className={`panel ${styles.grant}`}>
      <div>
        <h2>{grant.app}</h2>
        <p>
          {grant.patient ? (
            <>
              For <b>{grant.patient.name}</b>, {grant.patient.number}
            </>
          ) : (
            "For every patient that you may see"
          )}
        </p>
        <ul className={styles.words}>
          {grant.scopes.map((words) => (
            <li key={words}>{words}</li>
          ))}
        </ul>
        <small>
          Allowed {date(grant.began_at)} {timeOfDay(grant.began_at)}.{" "}
          {grant.stays ? `Goes on until ${date(grant.ends_at)}.` : "Ends when you sign out."}
        </small>
      </div>
      <button type="button" className="button" disabled={taking.isPending} onClick={() => taking.mutate()}>
        Take it back
      </button>
    </li>
  );
}
