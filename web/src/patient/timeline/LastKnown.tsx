/** The last known value of a row, how old it is, and what it was before. */

import { ClockIcon } from "@/design/icons";
import { useGlow } from "@/patient/glow";
import { useSheet } from "@/patient/timeline/sheet";
import styles from "@/patient/timeline/Timeline.module.css";
import type { Point, Series } from "@/patient/types";
import { arrow, isNotScored, unitOf, valueIn } from "@/patient/values";
import { age } from "@/time/words";

/** Inputs of the early warning scores count for this long; older ones are shown as old. */
const STALE_MS = 12 * 3_600_000;

interface Props {
  series: Series;
  /** Blood pressure: the diastolic one; null where none was sent. */
  second?: Series | null | undefined;
}

export function LastKnown({ series, second }: Props) {
  const { edge, past } = useSheet();
  const [point, before] = newest(series);
  const glow = useGlow(past ? undefined : point?.id);
  if (!point) return <p className={styles.never}>– not measured</p>;
  const words = both(series, second, point);
  const unit = unitOf(series);
  const stale = edge - Date.parse(point.at) > STALE_MS;
  return (
    <div className={styles.known} data-stale={stale || undefined} data-glow={glow || undefined}>
      <b>
        {words}
        {unit === "%" && " %"} {arrow(point)}
      </b>
      <small>
        {stale && <ClockIcon />}
        {age(point.at, edge)}
        {before && `, was ${both(series, second, before)}`}
      </small>
    </div>
  );
}

/** As `LastKnown`, on one line, for the slim rows. */
export function LastKnownSlim({ series }: { series: Series }) {
  const { edge, past } = useSheet();
  const [point] = newest(series);
  const glow = useGlow(past ? undefined : point?.id);
  if (!point) return null;
  return (
    <div className={styles.knownSlim} data-glow={glow || undefined}>
      <b>
        {valueIn(series, point)} {arrow(point)}
      </b>
      <small>{age(point.at, edge)}</small>
    </div>
  );
}

/** The newest value that counts and the one before it that differs. */
function newest(series: Series): [Point | undefined, Point | undefined] {
  const usable = series.points.filter((point) => !isNotScored(point));
  const last = usable.at(-1) ?? series.last ?? undefined;
  return [last, usable.findLast((point) => last && valueIn(series, point) !== valueIn(series, last))];
}

function both(series: Series, second: Series | null | undefined, point: Point): string {
  const low = second?.points.findLast((other) => other.at === point.at) ?? (second?.last?.at === point.at ? second.last : undefined);
  if (second === undefined) return valueIn(series, point);
  return `${valueIn(series, point)}/${second && low ? valueIn(second, low) : "–"}`;
}
