/** Is data arriving, is it understood, and what is to be done about what is not? */

import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { useEffect } from "react";
import { Empty } from "@/design/Empty";
import { useNarrow } from "@/design/media";
import { Problem } from "@/design/Problem";
import { Skeleton } from "@/design/Skeleton";
import { FeedCards } from "@/feeds/FeedCards";
import styles from "@/feeds/Feeds.module.css";
import { FeedTable } from "@/feeds/FeedTable";
import { Quarantine } from "@/feeds/Quarantine";
import { feedsQuery } from "@/feeds/queries";
import type { Feed } from "@/feeds/types";
import { Unmapped } from "@/feeds/Unmapped";
import { overview } from "@/feeds/words";
import { clock } from "@/time/clock";

export function FeedsPage() {
  const { data, error, refetch } = useQuery(feedsQuery);
  const { feed: chosen } = useSearch({ from: "/in/feeds" });
  useEffect(() => {
    if (data) clock.heard(data.as_of);
  }, [data]);
  return (
    <div className="page">
      <header className={styles.header}>
        <h1>Feeds</h1>
        <p className="fine">{data ? overview(data.feeds) : "Is data arriving, and is it understood?"}</p>
      </header>
      {error && !data && <Problem error={error} safe="Messages are taken in all the same." again={() => void refetch()} />}
      {!data && !error && <Waiting />}
      {data && (data.feeds.length > 0 ? <Whole feeds={data.feeds} chosen={chosen} /> : <Nothing />)}
    </div>
  );
}

function Whole({ feeds, chosen }: { feeds: readonly Feed[]; chosen: string | undefined }) {
  const narrow = useNarrow();
  const shown = chosen === undefined ? feeds : feeds.filter((feed) => feed.name === chosen);
  return (
    <>
      {narrow ? <FeedCards feeds={feeds} chosen={chosen} /> : <FeedTable feeds={feeds} chosen={chosen} />}
      <div className={styles.work}>
        <Quarantine feeds={feeds} chosen={chosen} />
        <Unmapped feeds={shown} chosen={chosen !== undefined} />
      </div>
    </>
  );
}

function Waiting() {
  return (
    <div className={`panel ${styles.bones}`}>
      {Array.from({ length: 6 }, (_, index) => (
        <p key={index}>
          <Skeleton width="60%" />
        </p>
      ))}
    </div>
  );
}

function Nothing() {
  return (
    <Empty title="No feed has spoken yet">
      <p>Point a sender at this machine’s HL7 port, which Wardline printed when it started. It appears here with its first message.</p>
      <p>
        To try it: <code>wardline send MESSAGE.hl7 --to HOST:PORT</code>
      </p>
    </Empty>
  );
}
