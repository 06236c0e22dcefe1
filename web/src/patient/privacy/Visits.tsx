/** Who looked at this record: one line for each person and day, what for and why, an emergency with its reason and what came of it. */

import { useQuery } from "@tanstack/react-query";
import { Empty } from "@/design/Empty";
import { Problem } from "@/design/Problem";
import { Skeleton } from "@/design/Skeleton";
import styles from "@/patient/privacy/Privacy.module.css";
import { visitsQuery } from "@/patient/privacy/queries";
import type { Visit } from "@/patient/privacy/types";
import { rolesSaid } from "@/system/words";
import { date, timeOfDay } from "@/time/words";

const WHY: Record<Visit["why"], string> = {
  treatment: "Treatment",
  emergency: "Opened in an emergency",
  "own record": "Their own record",
  oversight: "Oversight",
  app: "An app",
  "running the hospital": "Running the hospital",
};

export function Visits({ patient, own = false }: { patient: string; own?: boolean }) {
  const { data, error, refetch } = useQuery(visitsQuery(patient));
  if (error) return <Problem error={error} again={() => void refetch()} />;
  if (!data) return <Skeleton width="100%" height="16rem" />;
  return (
    <section className="panel" aria-labelledby="visits">
      <h2 id="visits" className={styles.head}>
        {own ? "Who looked at my record" : "Who looked"} <small>{data.visits.length}</small>
      </h2>
      {data.visits.length === 0 ? (
        <Empty title="Nobody has looked yet">
          <p>Every look at this record will stand here, with who it was and why.</p>
        </Empty>
      ) : (
        <ul className={styles.list}>
          {data.visits.map((each) => (
            <Line key={`${each.day} ${each.who} ${each.why} ${each.app}`} visit={each} own={own} />
          ))}
        </ul>
      )}
      {!data.is_whole && <p className={styles.more}>Only the newest looks are shown. The privacy office can tell you about older ones.</p>}
    </section>
  );
}

function Line({ visit, own }: { visit: Visit; own: boolean }) {
  const from = visit.units.length ? `, ${visit.units.join(", ")}` : "";
  return (
    <li className={styles.visit} data-emergency={visit.why === "emergency" || undefined}>
      <p>
        <b>{date(visit.last_at)}</b>
        <small>{[...new Set([timeOfDay(visit.first_at), timeOfDay(visit.last_at)])].join("–")}</small>
      </p>
      <p>
        <b>{own && visit.why === "own record" ? "You" : visit.name}</b>
        <small>
          {rolesSaid(visit.roles)}
          {from}
        </small>
      </p>
      <p>
        {own && visit.why === "own record" ? "Your own record" : WHY[visit.why]}
        {visit.app && ` ${visit.app}`}
        {visit.why === "emergency" && (
          <small>
            “{visit.emergency}”, {visit.review ? `reviewed: ${visit.review}` : "not reviewed yet"}
          </small>
        )}
      </p>
      <p className={styles.what}>
        {visit.what.join(", ")}
        {visit.refused > 0 && <small>{visit.refused === 1 ? "Turned away once" : `Turned away ${visit.refused} times`}</small>}
      </p>
    </li>
  );
}
