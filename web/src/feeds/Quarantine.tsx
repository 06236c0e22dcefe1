/** Messages that were kept but not understood: exactly why and where, to be repaired, taken in again or left for good. */

import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { Age } from "@/design/Age";
import { Problem } from "@/design/Problem";
import styles from "@/feeds/Feeds.module.css";
import { useOpened } from "@/feeds/opened";
import { quarantineQuery } from "@/feeds/queries";
import type { Aside, Feed } from "@/feeds/types";
import { counted, mayRepair, REPAIR_IS } from "@/feeds/words";
import { usePerson } from "@/shell/person";
import { clock } from "@/time/clock";
import { moment } from "@/time/words";

const MessageDrawer = lazy(() => import("@/feeds/MessageDrawer"));

interface Props {
  feeds: readonly Feed[];
  chosen: string | undefined;
}

export function Quarantine({ feeds, chosen }: Props) {
  const { data, error, refetch } = useQuery(quarantineQuery(chosen));
  const [opened, open, close] = useOpened<Aside>();
  const messages = data?.messages ?? [];
  const label = (name: string): string => feeds.find((feed) => feed.name === name)?.label ?? name;
  return (
    <section className="panel" aria-label="Messages to repair">
      <header className={styles.head}>
        <h2>Messages to repair</h2>
        <small>{chosen === undefined ? "all feeds" : label(chosen)}</small>
        {chosen !== undefined && (
          <Link to="/feeds" search={{}} replace>
            All feeds
          </Link>
        )}
      </header>
      {error && !data && <Problem error={error} again={() => void refetch()} />}
      {data && messages.length === 0 && (
        <p className={styles.none}>Every message was understood. One that is not comes here, complete, with what is wrong with it.</p>
      )}
      <ul>
        {messages.map((each) => (
          <li key={each.id} className={`${styles.line} ${styles.aside}`} data-message={each.id}>
            <div>
              <button type="button" className={styles.open} onClick={() => open(each)}>
                {sentence(each.reason)}
              </button>
              <small>{[each.where, label(each.feed), each.control_id && `control id ${each.control_id}`].filter(Boolean).join(", ")}</small>
            </div>
            <small>
              {moment(each.recorded_at, clock.now())}, message {each.id}
            </small>
            <small>
              <Age at={each.recorded_at} /> ago
            </small>
          </li>
        ))}
      </ul>
      <Foot shown={messages.length} waiting={total(feeds, chosen)} />
      <Suspense>{opened && <MessageDrawer aside={opened} feed={label(opened.feed)} onClose={close} />}</Suspense>
    </section>
  );
}

const total = (feeds: readonly Feed[], chosen: string | undefined): number =>
  feeds.reduce((sum, feed) => sum + (chosen === undefined || feed.name === chosen ? feed.waiting : 0), 0);

function Foot({ shown, waiting }: { shown: number; waiting: number }) {
  const person = usePerson();
  const said = [
    waiting > shown && shown > 0 && `The newest ${counted(shown, "message")} of ${waiting.toLocaleString("en-GB")}.`,
    shown > 0 && "They were acknowledged as kept but not taken in: what they say is on no chart, and their patients are marked.",
    !mayRepair(person) && REPAIR_IS,
  ].filter(Boolean);
  return said.length > 0 ? <p className={styles.why}>{said.join(" ")}</p> : null;
}

/** The server's reasons stand alone here. */
export function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
