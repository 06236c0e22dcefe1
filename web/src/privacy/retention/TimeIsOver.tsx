/** Those whose record need not be kept any more, asked for together. */

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { note } from "@/acts/toasts";
import { askBatch, type Over, overQuery, retentionQuery } from "@/privacy/retention/queries";
import styles from "@/privacy/retention/Retention.module.css";
import { named } from "@/privacy/retention/words";
import system from "@/system/System.module.css";
import { date } from "@/time/words";

export function TimeIsOver({ hasRule }: { hasRule: boolean }) {
  const [wanted, setWanted] = useState(false);
  const { data, error, isFetching, refetch } = useQuery({ ...overQuery, enabled: wanted });
  return (
    <section className="panel" aria-label="Whose time is over" aria-busy={isFetching}>
      <h2 className={system.head}>Whose time is over</h2>
      {hasRule ? (
        <div className={styles.look}>
          <p className="fine">Reads through the whole log beside the ward's work.</p>
          <button type="button" className="button" disabled={isFetching} onClick={() => (wanted ? void refetch() : setWanted(true))}>
            {isFetching ? "Looking…" : wanted ? "Look again" : "Look through"}
          </button>
        </div>
      ) : (
        <p className={system.says}>The site has no rule for patients yet, so every record is kept.</p>
      )}
      {error && (
        <p className={styles.refused} role="alert">
          {error.message}
        </p>
      )}
      {data && <Persons over={data} />}
    </section>
  );
}

function Persons({ over }: { over: Over }) {
  const queries = useQueryClient();
  const asking = useMutation({
    mutationFn: () => askBatch(over.persons.map((person) => person.id)),
    onSuccess: () => {
      note("Asked. Somebody else must agree.");
      void queries.invalidateQueries({ queryKey: overQuery.queryKey });
    },
    onSettled: () => queries.invalidateQueries({ queryKey: retentionQuery.queryKey }),
  });
  if (over.total === 0) return <p className={system.says}>Nobody. Every record must still be kept.</p>;
  const more = over.total - over.persons.length;
  return (
    <>
      <ul className={styles.list}>
        {over.persons.map((person) => (
          <li key={person.id}>
            <span>{named(person)}</span>
            <span className="fine">last contact {date(person.last_contact)}</span>
          </li>
        ))}
      </ul>
      <div className={styles.look}>
        <p className="fine">{more > 0 ? `The ${over.persons.length} longest ago; ${more} more.` : `${over.total} in all.`}</p>
        <button type="button" className="button" disabled={asking.isPending} onClick={() => asking.mutate()}>
          Ask for their erasure
        </button>
      </div>
      {asking.error && (
        <p className={styles.refused} role="alert">
          {asking.error.message}
        </p>
      )}
    </>
  );
}
