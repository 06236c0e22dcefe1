/** What do guidelines ask for? Every card, by condition, and who says so. */

import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Empty } from "@/design/Empty";
import { PageHead } from "@/design/PageParts";
import { Problem } from "@/design/Problem";
import { Skeleton } from "@/design/Skeleton";
import styles from "@/guidelines/Guidelines.module.css";
import { guidelinesQuery } from "@/guidelines/queries";

export function GuidelinesPage() {
  const { data, error, refetch } = useQuery(guidelinesQuery);
  return (
    <div className="page">
      <PageHead title="Guidelines">
        <p className="fine">Open one from a patient to see what is due for them</p>
      </PageHead>
      {error && !data && <Problem error={error} again={() => void refetch()} />}
      {!data && !error && <Waiting />}
      {data?.guidelines.length === 0 && (
        <Empty title="No guideline here">
          <p>Cards come with Wardline, and from the folder guidelines of this hospital’s configuration.</p>
        </Empty>
      )}
      {data && data.guidelines.length > 0 && (
        <ul className={`panel ${styles.list}`} aria-label="Guidelines">
          {data.guidelines.map((each) => (
            <li key={each.id}>
              <Link to="/guidelines/$id" params={{ id: each.id }} className={styles.line}>
                <span>
                  <b>{each.title}</b>
                  <small>{each.question}</small>
                </span>
                <span className={styles.bodies}>
                  {each.bodies.join("; ")}
                  <small>{each.steps} steps</small>
                </span>
                <span>
                  {each.standing === "verified" ? "Verified" : "Provisional"}
                  <small>{each.origin === "site" ? "this hospital’s own" : "came with Wardline"}</small>
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Waiting() {
  return (
    <div className={`panel ${styles.list}`}>
      {Array.from({ length: 10 }, (_, place) => (
        <p key={place} className={styles.line}>
          <Skeleton width="60%" />
        </p>
      ))}
    </div>
  );
}
