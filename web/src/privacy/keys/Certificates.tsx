/** Each certificate in use: where, until when, whose. The one that ends first is at the top. */

import { useQuery } from "@tanstack/react-query";
import { Problem } from "@/design/Problem";
import { SeverityMark } from "@/design/SeverityMark";
import { Skeleton } from "@/design/Skeleton";
import styles from "@/privacy/keys/Keys.module.css";
import { type Certificate, certificatesQuery } from "@/privacy/keys/queries";
import system from "@/system/System.module.css";
import { date, duration, timeOfDay } from "@/time/words";

export function Certificates() {
  const { data, error, refetch } = useQuery(certificatesQuery);
  return (
    <section className="panel" aria-label="Certificates">
      <h2 className={system.head}>Certificates</h2>
      {error && !data && <Problem error={error} again={() => void refetch()} />}
      {!data && !error && (
        <p className={system.says}>
          <Skeleton width="60%" />
        </p>
      )}
      {data?.certificates.length === 0 && (
        <p className={system.says}>
          <b>No certificate is in use.</b> The doors are open on this machine only. To listen on a network set <code>http_tls</code> and{" "}
          <code>mllp_tls</code>; <code>wardline certificates request</code> makes the key and what your authority signs.
        </p>
      )}
      {data && data.certificates.length > 0 && (
        <ul>
          {data.certificates.map((each) => (
            <Line key={each.place} certificate={each} now={Date.parse(data.now)} />
          ))}
        </ul>
      )}
      {data && data.certificates.length > 0 && (
        <p className={styles.note}>
          Warned of {data.warned_days.join(", ")} days before. A renewed file serves the next connection within a minute, without a restart.
        </p>
      )}
    </section>
  );
}

function Line({ certificate, now }: { certificate: Certificate; now: number }) {
  const { place, state, subject, issuer, not_after, problem, fingerprint } = certificate;
  return (
    <li className={styles.certificate} data-place={place}>
      <b>{place}</b>
      <span>{state === "ok" ? "Valid" : <SeverityMark severity={state === "expiring" ? "low" : "medium"} word={WORDS[state]} />}</span>
      <div>
        <p className={styles.until}>{not_after ? `${left(not_after, now)} ${date(not_after)} ${timeOfDay(not_after)}` : problem}</p>
        {subject && (
          <p className={styles.fine}>
            {subject}, signed by {issuer === subject ? "itself" : issuer}
          </p>
        )}
        {not_after && problem && <p>{problem}</p>}
        {fingerprint && (
          <details className={styles.fine}>
            <summary>Fingerprint</summary>
            <code>{fingerprint}</code>
          </details>
        )}
      </div>
    </li>
  );
}

const WORDS = { expiring: "Ends soon", expired: "Expired", "not valid yet": "Not yet", unusable: "Not usable" } as const;

function left(until: string, now: number): string {
  const seconds = (Date.parse(until) - now) / 1_000;
  return seconds > 0 ? `${duration(seconds)} left, until` : `ended ${duration(-seconds)} ago,`;
}
