/** Who looked, may they, and can we prove it? The parts a person's roles have use for. */

import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { Suspense, useEffect } from "react";
import { PageParts } from "@/design/PageParts";
import { Skeleton } from "@/design/Skeleton";
import { partsFor } from "@/privacy/parts";
import { usePerson } from "@/shell/person";
import { healthQuery } from "@/system/queries";
import styles from "@/system/System.module.css";
import { clock } from "@/time/clock";

export function PrivacyPage() {
  const { part } = useSearch({ from: "/in/privacy" });
  const parts = partsFor(usePerson().roles);
  const open = parts.find((each) => each.key === part) ?? parts[0];
  // Ages are counted from the hospital's time, and nothing else on this page says it.
  const { data } = useQuery(healthQuery);
  useEffect(() => {
    if (data) clock.heard(data.as_of);
  }, [data]);
  return (
    <div className={styles.page}>
      <PageParts title="Privacy" parts={parts} open={open?.key} way={(key) => ({ to: "/privacy", search: { part: key } })} />
      {open ? (
        <Suspense fallback={<Skeleton width="100%" height="20rem" />}>
          <open.Shown />
        </Suspense>
      ) : (
        <section className="panel">
          <p>
            <b>This page is for auditors, privacy officers and administrators.</b> Ask an administrator if it belongs to your work.
          </p>
        </section>
      )}
    </div>
  );
}
