/** Who is in a population and why: only patients whose record this person may open; the others are counted. */

import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { Problem } from "@/design/Problem";
import { Skeleton } from "@/design/Skeleton";
import styles from "@/quality/Quality.module.css";
import { membersQuery } from "@/quality/queries";
import type { AuditSupport, Measure, Member } from "@/quality/types";

const A_PAGE = 10;
/** Whoever is in another population is in these. */
const IMPLIED = ["initial-population", "denominator"];

export function Members({ measure, period, population }: { measure: Measure; period: string; population: string }) {
  const [offset, setOffset] = useState(0);
  const { data, error, refetch } = useQuery(membersQuery({ measure: measure.id, period, population, offset }));
  const words = measure.populations.find((each) => each.name === population)?.words ?? population;
  return (
    <section className={styles.members} aria-label={`${words}: who and why`} aria-busy={!data && !error}>
      {error && !data && <Problem error={error} again={() => void refetch()} />}
      {!data && !error && (
        <p className={styles.bone}>
          <Skeleton width="50%" />
        </p>
      )}
      {data && (
        <>
          <ul>
            {data.patients.map((each) => (
              <Row key={each.patient} member={each} population={population} />
            ))}
          </ul>
          <Foot data={data} offset={offset} onOffset={setOffset} />
        </>
      )}
    </section>
  );
}

function Row({ member, population }: { member: Member; population: string }) {
  const here = member.populations.find((each) => each.name === population);
  const others = member.populations.filter((each) => each.name !== population && !IMPLIED.includes(each.name));
  return (
    <li className={styles.member}>
      <p>
        <Link to="/patients/$id" params={{ id: member.patient }}>
          {member.name}
        </Link>
        <small>{[member.number, member.unit, member.bed && `bed ${member.bed}`].filter(Boolean).join(", ")}</small>
      </p>
      <div>
        {here ? (
          <ul>
            {here.reasons.map(({ what, why }) => (
              <li key={what}>
                {why}
                <small>{what}</small>
              </li>
            ))}
          </ul>
        ) : (
          <p>The record has changed since the count: not in this population any more.</p>
        )}
        {others.length > 0 && (
          <p className={styles.fine}>Also: {others.map((each) => `${each.words.toLowerCase()} ${each.count}`).join(", ")}</p>
        )}
      </div>
    </li>
  );
}

function Foot({ data, offset, onOffset }: { data: AuditSupport; offset: number; onOffset: (offset: number) => void }) {
  const last = Math.min(offset + A_PAGE, data.may_open);
  return (
    <footer className={styles.foot}>
      <p role="status">
        {data.may_open > 0 ? `${offset + 1} to ${last} of ${data.may_open} that you may open. ` : ""}
        {data.not_shown > 0 &&
          `${data.not_shown} ${data.not_shown === 1 ? "patient is" : "patients are"} counted but not shown: the record is not one you may open, or part of it is hidden from you.`}
      </p>
      {data.may_open > A_PAGE && (
        <>
          <button type="button" className="button" disabled={offset === 0} onClick={() => onOffset(offset - A_PAGE)}>
            Before
          </button>
          <button type="button" className="button" disabled={last >= data.may_open} onClick={() => onOffset(offset + A_PAGE)}>
            Next
          </button>
        </>
      )}
    </footer>
  );
}
