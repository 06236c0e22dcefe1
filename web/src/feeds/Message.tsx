/** A message as text, one numbered segment a line, with the place that was refused marked. */

import styles from "@/feeds/Message.module.css";
import { type Place, placeOf } from "@/feeds/place";

export function Message({ text, where }: { text: string; where: string }) {
  const place = placeOf(text, where);
  const lines = text.replace(/\n$/, "").split("\n");
  return (
    <div className={styles.scroller} tabIndex={0} role="region" aria-label="The message">
      <ol className={styles.lines}>
        {lines.map((line, index) => (
          // Lines of one message never change their places.
          <li key={index} data-wrong={place?.line === index || undefined}>
            {place?.line === index ? <Marked line={line} place={place} /> : <Segment line={line} />}
          </li>
        ))}
        {where && !place && (
          <li data-wrong className={styles.missing}>
            <mark>no {where} here</mark>
          </li>
        )}
      </ol>
    </div>
  );
}

function Segment({ line }: { line: string }) {
  return (
    <>
      <b>{line.slice(0, 3)}</b>
      {line.slice(3)}
    </>
  );
}

function Marked({ line, place }: { line: string; place: Place }) {
  const wrong = line.slice(place.from, place.to);
  return (
    <>
      {line.slice(0, place.from)}
      <mark>{wrong || "nothing here"}</mark>
      {line.slice(place.to)}
    </>
  );
}
