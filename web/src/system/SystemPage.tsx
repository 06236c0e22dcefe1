/** Is Wardline itself well? Its health, what went wrong, and its accounts. */

import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { useEffect } from "react";
import { PageParts } from "@/design/PageParts";
import { Accounts } from "@/system/Accounts";
import { Health } from "@/system/Health";
import { Incidents } from "@/system/Incidents";
import { healthQuery } from "@/system/queries";
import styles from "@/system/System.module.css";
import { clock } from "@/time/clock";

const PARTS = [
  { key: "health", word: "Health" },
  { key: "incidents", word: "Incidents" },
  { key: "accounts", word: "Accounts" },
] as const;

export function SystemPage() {
  const { tab } = useSearch({ from: "/in/system" });
  const { data } = useQuery(healthQuery);
  useEffect(() => {
    if (data) clock.heard(data.as_of);
  }, [data]);
  return (
    <div className={styles.page}>
      <PageParts
        title="System"
        parts={PARTS}
        open={PARTS.find(({ key }) => key === tab)?.key ?? "health"}
        way={(key) => ({ to: "/system", search: key === "health" ? {} : { tab: key } })}
      />
      {tab === undefined && <Health />}
      {tab === "incidents" && <Incidents />}
      {tab === "accounts" && <Accounts />}
    </div>
  );
}
