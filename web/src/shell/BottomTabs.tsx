/** The same ways on a phone: four tabs under the thumb. */

import { Menu } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import type { Person } from "@/api/types";
import { BedIcon, BellIcon, MoreIcon, SearchIcon, ShieldIcon } from "@/design/icons";
import { waitingQuery } from "@/privacy/emergency/queries";
import styles from "@/shell/BottomTabs.module.css";
import { isPatient, pagesFor } from "@/shell/pages";
import { PersonChoices } from "@/shell/PersonMenu";
import { useShell } from "@/shell/shellContext";

export function BottomTabs({ person, unseen }: { person: Person; unseen: number }) {
  const { search } = useShell();
  const navigate = useNavigate();
  const pages = pagesFor(person.roles);
  const has = (to: string) => pages.some((page) => page.to === to);
  return (
    <nav className={`${styles.tabs} screen-only`} aria-label="Pages">
      {has("/board") && (
        <Link to="/board" className={styles.tab} activeProps={{ "aria-current": "page" }}>
          <BedIcon />
          Patients
        </Link>
      )}
      {has("/queue") && (
        <Link to="/queue" className={styles.tab} activeProps={{ "aria-current": "page" }}>
          <BellIcon />
          {unseen > 0 ? `Alerts ${unseen}` : "Alerts"}
        </Link>
      )}
      {has("/privacy") && !has("/board") && <PrivacyTab mayReview={person.roles.includes("privacy")} />}
      {!isPatient(person.roles) && (
        <button type="button" className={styles.tab} onClick={search} data-tour="search">
          <SearchIcon />
          Search
        </button>
      )}
      <Menu position="top-end" width={280}>
        <Menu.Target>
          <button type="button" className={styles.tab}>
            <MoreIcon />
            More
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{person.name}</Menu.Label>
          {pages
            .filter((page) => page.to !== "/board" && page.to !== "/queue" && (page.to !== "/privacy" || has("/board")))
            .map((page) => (
              <Menu.Item key={page.to} onClick={() => void navigate({ to: page.to })}>
                {page.word}
              </Menu.Item>
            ))}
          <Menu.Divider />
          <PersonChoices />
        </Menu.Dropdown>
      </Menu>
    </nav>
  );
}

/** For those who look after privacy and not after patients: where they begin. */
function PrivacyTab({ mayReview }: { mayReview: boolean }) {
  const waiting = useQuery({ ...waitingQuery, enabled: mayReview }).data?.waiting ?? 0;
  return (
    <Link to="/privacy" className={styles.tab} activeProps={{ "aria-current": "page" }}>
      <ShieldIcon />
      {waiting > 0 ? `Privacy ${waiting}` : "Privacy"}
    </Link>
  );
}
