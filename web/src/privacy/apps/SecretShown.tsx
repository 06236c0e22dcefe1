/** What an app needs to be told, once: its client_id, and its secret where it has one. */

import { Copy } from "@/library/Copy";
import styles from "@/privacy/apps/Apps.module.css";
import type { Entered } from "@/smart/types";

export function SecretShown({ entered }: { entered: Entered }) {
  return (
    <section className={styles.secret} aria-label="For the app">
      <b>Give this to whoever runs {entered.app.name}</b>
      <span>Client ID</span>
      <code>{entered.app.id}</code>
      {entered.secret && (
        <>
          <span>Secret. It is shown this once, and nobody can look it up again.</span>
          <code>{entered.secret}</code>
          <Copy text={entered.secret} />
        </>
      )}
    </section>
  );
}
