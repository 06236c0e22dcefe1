/** Codes that nobody has mapped: how often they come, a sample, and what they most likely mean. */

import { useQueries } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import styles from "@/feeds/Feeds.module.css";
import { useOpened } from "@/feeds/opened";
import { unmappedQuery } from "@/feeds/queries";
import type { Concept, Feed, UnmappedCode } from "@/feeds/types";
import { inside, mayMap, MAPPING_IS, sample } from "@/feeds/words";
import { usePerson } from "@/shell/person";

const MapDrawer = lazy(() => import("@/feeds/MapDrawer"));

export interface Waiting {
  feed: Feed;
  code: UnmappedCode;
  concepts: readonly Concept[];
}

export function Unmapped({ feeds, chosen }: { feeds: readonly Feed[]; chosen: boolean }) {
  const concerned = feeds.filter((feed) => feed.unmapped > 0);
  const answers = useQueries({ queries: concerned.map((feed) => unmappedQuery(feed.name)) });
  const [opened, open, close] = useOpened<Waiting>();
  const person = usePerson();
  const waiting = answers
    .flatMap(({ data }, index): Waiting[] => {
      const feed = concerned[index];
      return feed && data ? data.codes.map((code) => ({ feed, code, concepts: data.concepts })) : [];
    })
    .sort((one, other) => other.code.count - one.code.count);
  return (
    <section className="panel" aria-label="Codes to map">
      <header className={styles.head}>
        <h2>Codes to map</h2>
        <small>{chosen ? feeds.map((feed) => feed.label).join() : "all feeds"}, most frequent first</small>
      </header>
      {concerned.length === 0 && (
        <p className={styles.none}>Every code is understood. One that is not comes here with its values, which are kept.</p>
      )}
      <ul>
        {waiting.map((each) => (
          <Line key={`${each.feed.name} ${each.code.code}`} waiting={each} several={!chosen} onOpen={() => open(each)} />
        ))}
      </ul>
      {waiting.length > 0 && !mayMap(person) && <p className={styles.why}>{MAPPING_IS}</p>}
      <Suspense>{opened && <MapDrawer waiting={opened} onClose={close} />}</Suspense>
    </section>
  );
}

function Line({ waiting: { feed, code, concepts }, several, onOpen }: { waiting: Waiting; several: boolean; onOpen: () => void }) {
  const suggested = concepts.find((each) => each.id === code.suggestion);
  return (
    <li className={`${styles.line} ${styles.code}`} data-code={code.code}>
      <div>
        <button type="button" className={styles.open} onClick={onOpen}>
          {code.text}
        </button>
        <small>{[code.code, several && feed.label].filter(Boolean).join(", ")}</small>
      </div>
      <div>
        {sample(code)}
        <small>{suggested ? `perhaps ${inside(suggested.name)}` : "no suggestion"}</small>
      </div>
    </li>
  );
}
