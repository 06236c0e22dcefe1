/** The bar at the top of a desk screen: pages, the hospital's time, the person. */

import { Link } from "@tanstack/react-router";
import type { Person } from "@/api/types";
import { Logo, SearchIcon } from "@/design/icons";
import { pagesFor } from "@/shell/pages";
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
            {page.to === "/queue" && unseen > 0 && (
              <span className={styles.count}>
                {unseen}
                <span className="spoken"> not seen</span>
              </span>
            )}
          </Link>
        ))}
      </nav>
      <button type="button" className={styles.search} onClick={search} data-tour="search">
        <SearchIcon />
        Search<kbd>/</kbd>
      </button>
      <HospitalTime />
      <PersonMenu person={person} />
    </header>
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
