/** Whether data is arriving: silent feeds first and in words, the others with their age, and what is not being watched. */

import type { FeedState } from "@/api/types";
import styles from "@/board/FeedStrip.module.css";
import type { BoardState } from "@/board/state";
import { SeverityMark } from "@/design/SeverityMark";
import { clock, useNow } from "@/time/clock";
import { age, moment, shortAge } from "@/time/words";

export function FeedStrip({ board }: { board: BoardState }) {
  const silent = board.feeds.filter((feed) => feed.silent_since !== null);
  const others = board.feeds.filter((feed) => feed.silent_since === null);
  if (board.feeds.length === 0 && board.not_running.length === 0) return null;
  return (
    <section className={styles.strip} aria-label="Feeds" data-tour="feeds">
      {board.not_running.map(({ id, since }) => (
        <p key={id} className={styles.silent}>
          <SeverityMark severity="low" seen={false} word="Not watched" />
          <span>
            <b>{id}</b>
            {since && ` since ${moment(since, clock.now())}`}. The rest goes on.
          </span>
        </p>
      ))}
      {silent.map((feed) => (
        <p key={feed.name} className={styles.silent}>
          <SeverityMark severity="low" seen={false} word="Silent" />
          <SilentFeed feed={feed} alone={silent.length === 1} />
        </p>
      ))}
      <ul className={styles.others}>
        {others.map((feed) => (
          <li key={feed.name}>
            <b>{feed.label}</b> <FeedAge at={feed.last_at} />
          </li>
        ))}
      </ul>
    </section>
  );
}

export function SilentFeed({ feed, alone }: { feed: FeedState; alone: boolean }) {
  const silentFor = useNow((now) => age(feed.last_at, now));
  const since = useNow((now) => moment(feed.last_at, now));
  const usual = feed.expected_per_hour;
  return (
    <span className={styles.words}>
      <b>
        {feed.label}, {silentFor}.
      </b>
      {alone && (
        <>
          {" "}
          Nothing since {since}
          {usual && `; usual now ${usual[0]}–${usual[1]} messages an hour`}. Results are shown as of {since}.
        </>
      )}
    </span>
  );
}

function FeedAge({ at }: { at: string }) {
  return <span>{useNow((now) => (Number.isNaN(now) ? "–" : `${shortAge((now - Date.parse(at)) / 1_000)} ago`))}</span>;
}
