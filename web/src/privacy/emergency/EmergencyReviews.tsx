/** Who opened somebody else's patient in an emergency, why, what they looked at, and whether it was justified. */

import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { Problem } from "@/design/Problem";
import { Skeleton } from "@/design/Skeleton";
import { useOpened } from "@/feeds/opened";
import { accessesQuery, type EmergencyAccess, type Verdict } from "@/privacy/emergency/queries";
import styles from "@/privacy/emergency/EmergencyReviews.module.css";
import { usePerson } from "@/shell/person";
import system from "@/system/System.module.css";
import { capital, rolesSaid } from "@/system/words";
import { moment } from "@/time/words";

const JudgeDialog = lazy(() => import("@/privacy/emergency/JudgeDialog"));
const SAID: Record<Verdict, string> = { justified: "Justified", "not justified": "Not justified", asked: "Asked" };

export function EmergencyReviews() {
  const { data, error, refetch } = useQuery(accessesQuery);
  const mayJudge = usePerson().roles.includes("privacy");
  const [opened, open, close] = useOpened<EmergencyAccess>();
  if (error && !data) return <Problem error={error} again={() => void refetch()} />;
  return (
    <section className="panel" aria-label="Emergency access">
      <h2 className={system.head}>{data?.waiting ? `${data.waiting} to review` : "Emergency access"}</h2>
      {!data && (
        <p className={system.bone}>
          <Skeleton width="50%" />
        </p>
      )}
      {data?.items.length === 0 && (
        <p className={system.says}>
          <b>Nobody has opened a record in an emergency.</b> Whoever opens a patient who is not theirs gives a reason, and it comes here at
          once to be judged by somebody else.
        </p>
      )}
      <ul>
        {data?.items.map((each) => (
          <li key={each.id} className={styles.line} data-grant={each.id}>
            <Access access={each} now={Date.parse(data.as_of)} />
            <Outcome access={each} now={Date.parse(data.as_of)} onJudge={mayJudge ? () => open(each) : undefined} />
          </li>
        ))}
      </ul>
      <Suspense>{opened && <JudgeDialog access={opened} onClose={close} />}</Suspense>
    </section>
  );
}

function Access({ access, now }: { access: EmergencyAccess; now: number }) {
  const units = access.person_units.length ? access.person_units.join(", ") : "whole house";
  return (
    <div className={styles.said}>
      <p>
        <b>{access.person}</b> <small>{`${rolesSaid(access.person_roles)}, ${units}`}</small>
      </p>
      <p>
        {access.reason}
        {access.note && <q>{access.note}</q>}
      </p>
      <p className={styles.facts}>
        Patient {access.number || "– not listed any more"}
        {access.unit && `, ${access.unit}`}. {moment(access.opened_at, now)} to {moment(access.ended_at ?? access.until, now)}
        {access.is_open ? ", open now" : access.ended_at ? ", closed early" : ""}.
      </p>
      {access.looks.length === 0 ? (
        <p className={styles.facts}>Nothing was looked at.</p>
      ) : (
        <details>
          <summary>
            {access.looks_more ? "More than " : ""}
            {access.looks.length} {access.looks.length === 1 ? "look" : "looks"}
          </summary>
          <ol>
            {access.looks.map((look, index) => (
              <li key={index}>
                {moment(look.at, now)} {capital(look.action)}
              </li>
            ))}
          </ol>
        </details>
      )}
    </div>
  );
}

function Outcome({ access, now, onJudge }: { access: EmergencyAccess; now: number; onJudge: (() => void) | undefined }) {
  return (
    <div className={styles.outcome}>
      {access.reviews.map((review) => (
        <p key={review.at}>
          <b>{SAID[review.verdict]}</b> <small>{`${review.by}, ${moment(review.at, now)}`}</small>
          {review.note && <span>{review.note}</span>}
        </p>
      ))}
      {access.reviews.length === 0 && <p className="quiet">– not reviewed yet</p>}
      {access.waits && access.is_yours && <p className="fine">You used this yourself; somebody else reviews it.</p>}
      {access.waits && !access.is_yours && onJudge && (
        <button type="button" className="button" onClick={onJudge}>
          Review
        </button>
      )}
    </div>
  );
}
