/** This is the past: which moment, how long ago, how much was not known yet, and one press back to now. */

import { ClockIcon } from "@/design/icons";
import styles from "@/patient/PastBanner.module.css";
import { hiddenShown } from "@/patient/rows";
import { useNow } from "@/time/clock";
import { date, duration, timeOfDay } from "@/time/words";

interface Props {
  /** The moment that is shown. */
  at: number;
  /** By kind; undefined while it is being counted. */
  hidden: Record<string, number> | undefined;
  /** How often something new came in since the past was opened. */
  news: number;
  onReturn: () => void;
}

export function PastBanner({ at, hidden, news, onReturn }: Props) {
  const distance = useNow((now) => (Number.isNaN(now) ? "" : `${duration((now - at) / 1_000)} before now`));
  const now = useNow((moment) => (Number.isNaN(moment) ? "" : `, ${timeOfDay(moment)}`));
  return (
    <section className={styles.banner} aria-label="The past" role="status">
      <p>
        <ClockIcon /> <b>This is the past.</b> Shown as known on{" "}
        <b>
          {date(at)} at {timeOfDay(at)}
        </b>
        , {distance}.{" "}
        {hidden && (
          <span className={styles.hidden}>
            {hiddenShown(hidden) ? `Hidden because it arrived later: ${hiddenShown(hidden)}.` : "Nothing has arrived since."}
          </span>
        )}
        {news > 0 && <b> {news} more while you look back.</b>}
      </p>
      <button type="button" className="button main" onClick={onReturn}>
        Return to now{now}
      </button>
    </section>
  );
}
