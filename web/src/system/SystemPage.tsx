/** Is Wardline itself well? Its health, what went wrong, and its accounts. */

import { useQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { useEffect } from "react";
import { Accounts } from "@/system/Accounts";
import { Health } from "@/system/Health";
import { Incidents } from "@/system/Incidents";
import { healthQuery } from "@/system/queries";
import styles from "@/system/System.module.css";
import { clock } from "@/time/clock";

const TABS = [
  [undefined, "Health"],
  ["incidents", "Incidents"],
  ["accounts", "Accounts"],
] as const;

export function SystemPage() {
  const { tab } = useSearch({ from: "/in/system" });
  const { data } = useQuery(healthQuery);
  useEffect(() => {
    if (data) clock.heard(data.as_of);
  }, [data]);
  return (
    <div className={styles.page}>
      <header className={styles.header}>
        <h1>System</h1>
        <nav className={styles.tabs} aria-label="Parts of this page">
          {TABS.map(([each, word]) => (
            <Link key={word} to="/system" search={each ? { tab: each } : {}} activeOptions={{ exact: true, includeSearch: true }}>
              {word}
            </Link>
          ))}
        </nav>
      </header>
      {tab === undefined && <Health />}
      {tab === "incidents" && <Incidents />}
      {tab === "accounts" && <Accounts />}
    </div>
  );
}
