/** One row per feed: whether it talks, how much, how old, and what it sends that nobody understands. */

import { Link } from "@tanstack/react-router";
import { type KeyboardEvent, useRef } from "react";
import { Age } from "@/design/Age";
import { SeverityMark } from "@/design/SeverityMark";
import styles from "@/feeds/FeedTable.module.css";
import { Rate } from "@/feeds/Rate";
import type { Feed } from "@/feeds/types";
import { usual } from "@/feeds/words";
import { clock } from "@/time/clock";
import { duration, moment, shortAge } from "@/time/words";

interface Props {
  feeds: readonly Feed[];
  chosen: string | undefined;
}

export function FeedTable({ feeds, chosen }: Props) {
  const body = useRef<HTMLTableSectionElement>(null);

  function onKeyDown(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const links = [...(body.current?.querySelectorAll<HTMLElement>("a") ?? [])];
    const next = step && links[links.indexOf(event.target as HTMLElement) + step];
    if (!next) return;
    next.focus();
    event.preventDefault();
  }

  return (
    <div className={`panel ${styles.scroller}`}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th className={styles.state}>State</th>
            <th className={styles.feed}>Feed</th>
            <th className={styles.rate}>Each minute of the last hour</th>
            <th className={styles.number}>In the last hour</th>
            <th className={styles.age}>Last message</th>
            <th className={styles.lag}>Lag</th>
            <th className={styles.number}>Received</th>
            <th className={styles.number}>To repair</th>
            <th className={styles.number}>To map</th>
          </tr>
        </thead>
        <tbody ref={body} onKeyDown={onKeyDown}>
          {feeds.map((feed) => (
            <Row key={feed.name} feed={feed} chosen={feed.name === chosen} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ feed, chosen }: { feed: Feed; chosen: boolean }) {
  return (
    <tr className={styles.row} data-feed={feed.name} data-chosen={chosen || undefined}>
      <td>
        <State feed={feed} />
      </td>
      <th scope="row">
        <FeedLink feed={feed} chosen={chosen} />
        <small>{feed.confirmed ? feed.name : "no profile: read with the house’s defaults"}</small>
      </th>
      <td>
        <Rate feed={feed} />
      </td>
      <td className={styles.number}>
        <b>{feed.per_hour.toLocaleString("en-GB")}</b>
        <small>{usual(feed)}</small>
      </td>
      <td className={styles.age}>
        <Age at={feed.last_at} />
        <small>{patience(feed)}</small>
      </td>
      <td>{feed.lag_seconds === null ? <span className="quiet">– not said</span> : shortAge(feed.lag_seconds)}</td>
      <td className={styles.number}>
        {feed.received.toLocaleString("en-GB")}
        <small>{feed.quarantined > 0 && `${feed.quarantined.toLocaleString("en-GB")} put aside`}</small>
      </td>
      <Count count={feed.waiting} />
      <Count count={feed.unmapped} />
    </tr>
  );
}

/** The address without a feed is the page itself, not any of its rows. */
const EXACT = { exact: true, includeSearch: true };

/** Choosing a feed shows what waits of it; choosing it again shows what waits of all. */
export function FeedLink({ feed, chosen }: { feed: Feed; chosen: boolean }) {
  return (
    <Link
      to="/feeds"
      search={chosen ? {} : { feed: feed.name }}
      replace
      className={styles.link}
      activeOptions={EXACT}
      aria-current={chosen || undefined}
    >
      {feed.label}
    </Link>
  );
}

export function State({ feed }: { feed: Feed }) {
  if (feed.silent_since) return <SeverityMark severity="low" seen={false} word="Silent" />;
  return <SeverityMark severity="none" seen word={feed.expected_per_hour ? "Talking" : "New"} />;
}

export function patience(feed: Feed): string {
  if (feed.silent_since) return `nothing since ${moment(feed.last_at, clock.now())}`;
  return feed.expected_per_hour ? `missed after ${duration(feed.patience_seconds)}` : "habits not known";
}

function Count({ count }: { count: number }) {
  return <td className={styles.number}>{count > 0 ? <b>{count.toLocaleString("en-GB")}</b> : <span className="quiet">– none</span>}</td>;
}
