/** What is not well first, in sentences; then every part, and the figures for those who want them. */

import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Problem } from "@/design/Problem";
import { SeverityMark } from "@/design/SeverityMark";
import { Skeleton } from "@/design/Skeleton";
import { counted, overview } from "@/feeds/words";
import { usePerson } from "@/shell/person";
import { pagesFor } from "@/shell/pages";
import { Channels } from "@/system/Channels";
import { Connections } from "@/system/Connections";
import { healthQuery } from "@/system/queries";
import styles from "@/system/System.module.css";
import type { Health as Detail } from "@/system/types";
import { capital, type Part, parts, runningFor } from "@/system/words";
import { clock } from "@/time/clock";
import { moment } from "@/time/words";

export function Health() {
  const { data, error, refetch } = useQuery(healthQuery);
  if (error && !data) return <Problem error={error} safe="What the log holds is safe." again={() => void refetch()} />;
  if (!data)
    return (
      <div className="panel">
        {Array.from({ length: 8 }, (_, index) => (
          <p key={index} className={styles.bone}>
            <Skeleton width="50%" />
          </p>
        ))}
      </div>
    );
  return (
    <>
      <Problems health={data} />
      <div className={styles.columns}>
        <div className={styles.column}>
          <Parts health={data} />
          <Channels />
          <Connections />
        </div>
        <div className={styles.column}>
          <Figures health={data} />
          <Capabilities health={data} />
          <Monitoring />
        </div>
      </div>
    </>
  );
}

function Problems({ health }: { health: Detail }) {
  const { problems } = health;
  const all = parts(health).every(({ well }) => well);
  return (
    <section className={`panel ${styles.problems}`} aria-label="What is not well" data-problems={problems.length}>
      {problems.length === 0 ? (
        <p>
          <b>Wardline is well.</b> {all ? "Every part works" : "One part is not at its best, and stands first"}, no feed is silent, every
          capability runs.
        </p>
      ) : (
        <>
          <h2>{counted(problems.length, "thing is", "things are")} not well</h2>
          <ul>
            {problems.map((each) => (
              <li key={each}>
                <SeverityMark severity="low" seen={false} word="Not well" />
                <span>{capital(each)}.</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function Parts({ health }: { health: Detail }) {
  // What is not well stands first; otherwise the order never changes.
  const sorted = [...parts(health)].sort((one, other) => Number(one.well) - Number(other.well));
  return (
    <section className="panel" aria-label="Parts">
      <h2 className={styles.head}>Parts</h2>
      <ul>
        {sorted.map((part) => (
          <PartLine key={part.name} part={part} />
        ))}
        <FeedsLine health={health} />
      </ul>
    </section>
  );
}

function PartLine({ part: { name, well, state, says } }: { part: Part }) {
  return (
    <Line
      name={name}
      mark={well ? <SeverityMark severity="none" seen word={state} /> : <SeverityMark severity="low" seen={false} word={state} />}
    >
      {says}
    </Line>
  );
}

function FeedsLine({ health: { feeds } }: { health: Detail }) {
  const silent = feeds.filter((feed) => feed.silent_since).length;
  const open = pagesFor(usePerson().roles).some((page) => page.to === "/feeds");
  return (
    <Line
      name="Feeds"
      mark={silent ? <SeverityMark severity="low" seen={false} word="Silent" /> : <SeverityMark severity="none" seen word="Well" />}
    >
      {feeds.length === 0 ? "No feed has spoken yet." : `${capital(overview(feeds))}.`} {open && <Link to="/feeds">Open feeds</Link>}
    </Line>
  );
}

function Line({ name, mark, children }: { name: string; mark: ReactNode; children: ReactNode }) {
  return (
    <li className={styles.part} data-part={name}>
      <b>{name}</b>
      <span>{mark}</span>
      <p>{children}</p>
    </li>
  );
}

function Figures({ health }: { health: Detail }) {
  const { engine, version, started_at: started } = health;
  const said = (count: number): string => count.toLocaleString("en-GB");
  const figures: [string, string, string?][] = [
    ["Version", version],
    ["Running for", runningFor(started)],
    ["Patients known", said(engine.patients), `${said(engine.timelines_in_memory)} timelines at hand`],
    ["Messages since the start", said(engine.received), `${said(engine.duplicates)} came again, ${said(engine.quarantined)} put aside`],
    ["Steps in the log", said(engine.steps), `${said(engine.turns)} commits since the start`],
    ["Waiting for their time", said(engine.due), "answers that lapse, measurements that fall due"],
  ];
  return (
    <section className="panel" aria-label="Figures">
      <h2 className={styles.head}>Figures</h2>
      <dl className={styles.figures}>
        {figures.map(([name, value, more]) => (
          <div key={name}>
            <dt>
              {name}
              {more && <small>{more}</small>}
            </dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Capabilities({ health: { capabilities, not_running: refused } }: { health: Detail }) {
  const stopped = capabilities.filter((each) => each.state !== "ok");
  return (
    <section className="panel" aria-label="Capabilities">
      <h2 className={styles.head}>Capabilities</h2>
      <p className={styles.says}>
        {capabilities.length - stopped.length} of {capabilities.length + refused.length} run. <Link to="/library">Open the library</Link>
      </p>
      {stopped.length + refused.length > 0 && (
        <ul className={styles.stopped}>
          {stopped.map((each) => (
            <li key={each.id}>
              <b>{each.id}</b> is not watched{each.since && ` since ${moment(each.since, clock.now())}`}. Its tiles say so; the rest goes
              on.
            </li>
          ))}
          {refused.map((each) => (
            <li key={each.module}>
              <b>{each.module}</b> was not taken in: {each.reason}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Monitoring() {
  return (
    <section className="panel" aria-label="Monitoring from outside">
      <h2 className={styles.head}>Monitoring from outside</h2>
      <p className={styles.says}>
        <code>GET /health</code> is open and says only whether Wardline works: 503 when messages are not taken or patients not shown.
      </p>
      <p className={styles.says}>
        <code>GET /metrics</code> gives the figures in Prometheus’ format. It needs <code>Authorization: Bearer …</code> with the token that{" "}
        <code>POST /api/v1/auth/login</code> gives to an account of its own; a token lasts ten minutes.
      </p>
    </section>
  );
}
