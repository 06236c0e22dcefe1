/** The feeds on a phone: the silent ones say so, the others their age. */

import { Age } from "@/design/Age";
import styles from "@/feeds/FeedCards.module.css";
import { FeedLink, patience, State } from "@/feeds/FeedTable";
import { Rate } from "@/feeds/Rate";
import type { Feed } from "@/feeds/types";
import { counted } from "@/feeds/words";

export function FeedCards({ feeds, chosen }: { feeds: readonly Feed[]; chosen: string | undefined }) {
  return (
    <ul className={`panel ${styles.list}`}>
      {feeds.map((feed) => (
        <li key={feed.name} className={styles.card} data-feed={feed.name} data-chosen={feed.name === chosen || undefined}>
          <h2>
            <FeedLink feed={feed} chosen={feed.name === chosen} />
          </h2>
          <State feed={feed} />
          <p>
            <b>
              <Age at={feed.last_at} /> ago
            </b>
            , {patience(feed)}
            <br />
            {waits(feed)}
          </p>
          <Rate feed={feed} />
        </li>
      ))}
    </ul>
  );
}

function waits({ per_hour, waiting, unmapped }: Feed): string {
  const work = [waiting > 0 && `${waiting} to repair`, unmapped > 0 && `${unmapped} to map`].filter(Boolean);
  return work.length > 0 ? work.join(", ") : `${counted(per_hour, "message")} in the last hour`;
}
