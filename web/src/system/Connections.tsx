/** What is connected: who came in, which ways out are open, busy or resting, and what was turned away. */

import { useQuery } from "@tanstack/react-query";
import { SeverityMark } from "@/design/SeverityMark";
import { Skeleton } from "@/design/Skeleton";
import { usePerson } from "@/shell/person";
import styles from "@/system/Connections.module.css";
import { type Connections as Answer, connectionsQuery, doorsOf, kindOf, type Pool, poolSaid, turnedAway, WATCHERS } from "@/system/pools";
import system from "@/system/System.module.css";

export function Connections() {
  const { roles } = usePerson();
  return WATCHERS.some((each) => roles.includes(each)) ? <Panel /> : null;
}

function Panel() {
  const { data, error } = useQuery(connectionsQuery);
  return (
    <section className="panel" aria-label="Connections">
      <h2 className={system.head}>Connections</h2>
      {error && !data && <p className={system.says}>{error.message}</p>}
      {!data && !error && (
        <p className={system.says}>
          <Skeleton width="60%" />
        </p>
      )}
      {data && <Shown said={data} />}
    </section>
  );
}

function Shown({ said }: { said: Answer }) {
  const away = turnedAway(said);
  // A way out that rests stands first; otherwise the order never changes.
  const pools = [...said.pools].sort((one, other) => Number(one.breaker === "closed") - Number(other.breaker === "closed"));
  return (
    <>
      <dl className={styles.doors}>
        {doorsOf(said).map(([word, number]) => (
          <div key={word}>
            <dt>{word}</dt>
            <dd>{number.toLocaleString("en-GB")}</dd>
          </div>
        ))}
      </dl>
      {pools.length === 0 ? (
        <p className={styles.note}>
          <b>Nothing leaves the house.</b> The site lists no channel and no destination, and nothing else has been asked for.
        </p>
      ) : (
        <ul>
          {pools.map((each) => (
            <Line key={each.name} pool={each} now={Date.parse(said.as_of)} />
          ))}
        </ul>
      )}
      <p className={styles.note}>{away.length > 0 ? `${away.join("; ")}.` : "Nobody was turned away since the start."}</p>
    </>
  );
}

function Line({ pool, now }: { pool: Pool; now: number }) {
  const well = pool.breaker === "closed";
  return (
    <li className={system.part} data-pool={pool.name} data-breaker={pool.breaker}>
      <b className={styles.name}>
        {pool.name}
        <small>{kindOf(pool)}</small>
      </b>
      <span>
        {well ? <SeverityMark severity="none" word="Open" /> : <SeverityMark severity="low" seen={false} word={WORDS[pool.breaker]} />}
      </span>
      <p>{poolSaid(pool, now)}</p>
    </li>
  );
}

const WORDS = { closed: "Open", open: "Resting", "half-open": "Trying" } as const;
