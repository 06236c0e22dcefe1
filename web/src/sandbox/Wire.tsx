/** What went over the wire: each call with its time, and on opening it the request and the answer word by word. */

import styles from "@/sandbox/Sandbox.module.css";
import type { Exchange } from "@/sandbox/types";

export function Wire({ exchanges }: { exchanges: readonly Exchange[] }) {
  return (
    <section className={`panel ${styles.wire}`} aria-label="Requests and answers">
      <h2>Requests and answers</h2>
      {exchanges.length === 0 && <p className="fine">Nothing has been asked yet. Opening a chart asks at once.</p>}
      {exchanges.map((each) => (
        <details key={each.key} className={styles.exchange}>
          <summary>
            <b>{each.hook}</b>
            <span>{each.service}</span>
            <span className={styles.time}>{each.failed ? "refused" : `${each.cards} ${each.cards === 1 ? "card" : "cards"}`}</span>
            <span className={styles.time}>{each.milliseconds.toFixed(0)} ms</span>
          </summary>
          <Json title={`POST /cds-services/${each.service}`} content={each.request} />
          <Json title="Answer" content={each.response} />
        </details>
      ))}
    </section>
  );
}

function Json({ title, content }: { title: string; content: unknown }) {
  return (
    <figure>
      <figcaption className="fine">{title}</figcaption>
      <pre tabIndex={0}>{JSON.stringify(content, null, 1)}</pre>
    </figure>
  );
}
