/** How well is care done? Each measure's rate with how sure it is, and behind every number who it is made of and why. */

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Empty } from "@/design/Empty";
import { PageHead } from "@/design/PageParts";
import { Problem } from "@/design/Problem";
import { Skeleton } from "@/design/Skeleton";
import { MeasureCard } from "@/quality/MeasureCard";
import styles from "@/quality/Quality.module.css";
import { countAgain, measuresQuery } from "@/quality/queries";
import type { Measure, QualityMetrics } from "@/quality/types";
import { years } from "@/quality/words";
import { usePerson } from "@/shell/person";
import { clock, useNow } from "@/time/clock";
import { moment } from "@/time/words";

const READ_BY = ["manager", "doctor", "auditor"];

export function QualityPage() {
  const { roles } = usePerson();
  if (!roles.some((role) => READ_BY.includes(role)))
    return (
      <Empty title="Quality" whole>
        <p>Quality measures are read by managers, doctors and auditors.</p>
      </Empty>
    );
  return <Measures />;
}

function Measures() {
  const thisYear = useNow((now) => (Number.isNaN(now) ? "" : (years(now)[0] ?? "")));
  const { period = thisYear, measure, population } = useSearch({ from: "/in/quality" });
  const { data, error, refetch } = useQuery({ ...measuresQuery(period), enabled: period !== "" });
  return (
    <div className="page">
      <PageHead title="Quality">{period !== "" && <Tools period={period} data={data} />}</PageHead>
      {error && !data && <Problem error={error} again={() => void refetch()} />}
      {!data && !error && <Waiting />}
      {data?.state === "running" && <Counting data={data} />}
      {data?.state === "failed" && (
        <Empty title="Not counted">
          <p role="alert">{data.reason}</p>
        </Empty>
      )}
      {data?.state === "done" &&
        (data.patients === 0 ? (
          <Nothing />
        ) : (
          answeredFirst(data.measures).map((each) => (
            <MeasureCard key={each.id} measure={each} period={period} population={each.id === measure ? population : undefined} />
          ))
        ))}
    </div>
  );
}

const answeredFirst = (measures: readonly Measure[]): Measure[] =>
  [...measures].sort((one, other) => Number(one.populations.length === 0) - Number(other.populations.length === 0));

function Tools({ period, data }: { period: string; data: QualityMetrics | undefined }) {
  const navigate = useNavigate();
  const known = useQueryClient();
  const again = async () => known.setQueryData(measuresQuery(period).queryKey, await countAgain(period));
  const choices = years(clock.now());
  return (
    <div className={styles.tools}>
      <select
        aria-label="Measurement period"
        className="button"
        value={period}
        onChange={(event) => void navigate({ to: "/quality", search: { period: event.target.value } })}
      >
        {(choices.includes(period) ? choices : [period, ...choices]).map((each) => (
          <option key={each} value={each}>
            {each}
          </option>
        ))}
      </select>
      <button type="button" className="button" disabled={data === undefined || data.state === "running"} onClick={() => void again()}>
        Count again
      </button>
      {data?.as_of && (
        <p className={styles.fine}>
          {data.patients === 1 ? "1 patient" : `${data.patients ?? 0} patients`} with FHIR records, counted{" "}
          {moment(data.as_of, clock.now())}
        </p>
      )}
    </div>
  );
}

function Counting({ data }: { data: QualityMetrics }) {
  const share = data.of > 0 ? data.done / data.of : 0;
  return (
    <section className={`panel ${styles.counting}`} aria-label="Counting">
      <p role="status">
        <b>Counting</b> {data.of > 0 ? `patient ${data.done} of ${data.of}` : "from the log"}, in a process of its own. The wards do not
        notice.
      </p>
      <progress aria-label="Patients gone through" value={share} max={1} />
    </section>
  );
}

function Waiting() {
  return (
    <div className={`panel ${styles.counting}`}>
      <Skeleton width="60%" />
      <Skeleton width="40%" />
    </div>
  );
}

function Nothing() {
  return (
    <Empty title="Nothing to measure yet">
      <p>
        Quality measures look at FHIR resources: stays, orders, doses, results. Nobody here has any yet. They come in at the FHIR door, one
        by one, in bundles, or imported from another system.
      </p>
      <p>
        Measures that need value sets read them from the folder <code>value_sets</code> of the site’s configuration.
      </p>
    </Empty>
  );
}
