/** Who looked, may they, and can we prove it? The parts a person's roles have use for. */

import { Link, useSearch } from "@tanstack/react-router";
import { Suspense } from "react";
import { Skeleton } from "@/design/Skeleton";
import { partsFor } from "@/privacy/parts";
import { usePerson } from "@/shell/person";
import styles from "@/system/System.module.css";

export function PrivacyPage() {
  const { part } = useSearch({ from: "/in/privacy" });
  const parts = partsFor(usePerson().roles);
  const open = parts.find((each) => each.key === part) ?? parts[0];
  return (
    <div className={styles.page}>
      <header className={styles.header}>
        <h1>Privacy</h1>
        <nav className={styles.tabs} aria-label="Parts of this page">
          {parts.map((each) => (
            <Link key={each.key} to="/privacy" search={{ part: each.key }} aria-current={each === open ? "page" : undefined}>
              {each.word}
            </Link>
          ))}
        </nav>
      </header>
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
