/** What went wrong and waits for somebody to look into it: a result on the wrong chart, records that contradict each other. */

import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { Problem } from "@/design/Problem";
import { Skeleton } from "@/design/Skeleton";
import { useOpened } from "@/feeds/opened";
import { usePerson } from "@/shell/person";
import styles from "@/system/Incidents.module.css";
import { incidentsQuery } from "@/system/queries";
import system from "@/system/System.module.css";
import type { Incident } from "@/system/types";
import { capital } from "@/system/words";
import { moment } from "@/time/words";

const ConcludeDialog = lazy(() => import("@/system/ConcludeDialog"));
const READ_BY = ["manager", "doctor", "auditor"];
const CARES = ["manager", "doctor", "nurse"];
const CONCLUDED_BY = ["manager", "auditor"];

export function Incidents() {
  const { roles } = usePerson();
  if (!roles.some((role) => READ_BY.includes(role)))
    return (
      <section className={`panel ${system.why}`}>
        <p>
          <b>Incidents are looked into by managers, doctors and auditors.</b> They say who had seen what was wrong.
        </p>
      </section>
    );
  return <Open mayConclude={roles.some((role) => CONCLUDED_BY.includes(role))} mayOpen={roles.some((role) => CARES.includes(role))} />;
}

function Open({ mayConclude, mayOpen }: { mayConclude: boolean; mayOpen: boolean }) {
  const { data, error, refetch } = useQuery(incidentsQuery);
  const [opened, open, close] = useOpened<Incident>();
  if (error && !data) return <Problem error={error} again={() => void refetch()} />;
  return (
    <section className="panel" aria-label="Incidents">
      {!data && (
        <p className={system.bone}>
          <Skeleton width="50%" />
        </p>
      )}
      {data?.items.length === 0 && (
        <p className={system.why}>
          <b>Nothing waits to be looked into.</b> A result that was on the wrong chart, records that contradict each other after a merge,
          data that somebody said is wrong, and messages a receiver refused come here.
        </p>
      )}
      <ul>
        {data?.items.map((each) => (
          <li key={each.id} className={styles.line}>
            <p>
              <b>{capital(each.what)}</b>
              <small>{each.detail}</small>
            </p>
            <p>
              {mayOpen ? (
                <Link to="/patients/$id" params={{ id: each.patient }}>
                  {each.name}
                </Link>
              ) : (
                each.name
              )}
              <small>{[each.number, each.unit, each.bed && `bed ${each.bed}`].filter(Boolean).join(", ")}</small>
            </p>
            <p>
              {each.seen_by.length > 0 ? `Seen by ${each.seen_by.join(", ")}` : <span className="quiet">– seen by nobody</span>}
              <small>{moment(each.at, Date.parse(data.as_of))}</small>
            </p>
            {mayConclude && (
              <button type="button" className="button" onClick={() => open(each)}>
                Conclude
              </button>
            )}
          </li>
        ))}
      </ul>
      <Suspense>{opened && <ConcludeDialog incident={opened} onClose={close} />}</Suspense>
    </section>
  );
}
