/** Images that were kept but could not be filed: why, from whom, and what to do about each. */

import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { Age } from "@/design/Age";
import { Empty } from "@/design/Empty";
import { Problem } from "@/design/Problem";
import { Skeleton } from "@/design/Skeleton";
import { useOpened } from "@/feeds/opened";
import { asideQuery, type ImageAside } from "@/imaging/aside/queries";
import styles from "@/imaging/aside/Aside.module.css";
import { clock } from "@/time/clock";
import { moment } from "@/time/words";

const AsideDrawer = lazy(() => import("@/imaging/aside/AsideDrawer"));

export function Aside() {
  const { data, error, refetch } = useQuery(asideQuery);
  const [opened, open, close] = useOpened<ImageAside>();
  if (error && !data) return <Problem error={error} safe="Images are taken in all the same." again={() => void refetch()} />;
  if (!data) return <Skeleton width="60%" />;
  if (data.images.length === 0)
    return (
      <Empty title="No image is put aside">
        <p>Every image that came could be filed. One that cannot comes here as it is, with what is wrong with it.</p>
      </Empty>
    );
  return (
    <section className={`panel ${styles.aside}`} aria-label="Images put aside">
      <header>
        <h2>Images put aside</h2>
        <small>{data.has_more ? `the newest ${data.images.length}` : data.images.length}</small>
      </header>
      <ul>
        {data.images.map((each) => (
          <li key={each.number} data-image={each.number}>
            <div>
              <button type="button" onClick={() => open(each)}>
                {sentence(each.reason)}
              </button>
              <small>{each.name ? `${each.name}, ${each.patient_number || "no number"}` : "Name not known"}</small>
            </div>
            <small>from {each.source || "a sender that gave no name"}</small>
            <small>
              {moment(each.at, clock.now())}, <Age at={each.at} /> ago
            </small>
          </li>
        ))}
      </ul>
      <p className={styles.why}>Their senders were told that they were not taken. None of them is in a study or on a chart.</p>
      <Suspense>{opened && <AsideDrawer image={opened} onClose={close} />}</Suspense>
    </section>
  );
}

/** The server's reasons stand alone here. */
export const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
