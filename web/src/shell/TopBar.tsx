/** The bar at the top of a desk screen: pages, the hospital's time, the person. */

import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Person } from "@/api/types";
import { Logo, SearchIcon } from "@/design/icons";
import { waitingQuery } from "@/privacy/emergency/queries";
import { isPatient, pagesFor } from "@/shell/pages";
import { PersonMenu } from "@/shell/PersonMenu";
import { useShell } from "@/shell/shellContext";
import styles from "@/shell/TopBar.module.css";
import { useNow } from "@/time/clock";
import { date, timeOfDay } from "@/time/words";

export function TopBar({ person, unseen }: { person: Person; unseen: number }) {
  const { search } = useShell();
  return (
    <header className={`${styles.bar} screen-only`}>
      <Link to="/" className={styles.brand}>
        <Logo />
        Wardline
      </Link>
      <nav aria-label="Pages">
        {pagesFor(person.roles).map((page) => (
          <Link key={page.to} to={page.to} className={styles.page} activeProps={{ "aria-current": "page" }}>
            {page.word}
            {page.to === "/privacy" && person.roles.includes("privacy") && <ToReview />}
            {page.to === "/queue" && unseen > 0 && (
              <span className={styles.count}>
                {unseen}
                <span className="spoken"> not seen</span>
              </span>
            )}
          </Link>
        ))}
      </nav>
      {!isPatient(person.roles) && (
        <button type="button" className={styles.search} onClick={search} data-tour="search">
          <SearchIcon />
          Search<kbd>/</kbd>
        </button>
      )}
      <HospitalTime />
      <PersonMenu person={person} />
    </header>
  );
}

/** For privacy officers: a record opened in an emergency is theirs to look at at once. */
function ToReview() {
  const waiting = useQuery(waitingQuery).data?.waiting ?? 0;
  if (waiting === 0) return null;
  return (
    <span className={styles.count}>
      {waiting}
      <span className="spoken"> to review</span>
    </span>
  );
}

export function HospitalTime() {
  const day = useNow((now) => (Number.isNaN(now) ? "" : date(now)));
  const time = useNow((now) => (Number.isNaN(now) ? "–" : timeOfDay(now)));
  return (
    <p className={styles.time}>
      <span>{day}</span> <b>{time}</b>
    </p>
  );
}
