/** The detail of a card: the little Markdown that cards are written in (paragraphs, lists, bold), and nothing that could be more. */

import { Fragment } from "react";

export function Detail({ text }: { text: string }) {
  return text.split("\n\n").map((block, place) => <Block key={place} lines={block.split("\n")} />);
}

function Block({ lines }: { lines: readonly string[] }) {
  const head = lines.filter((line) => !line.startsWith("- "));
  const points = lines.filter((line) => line.startsWith("- "));
  return (
    <>
      {head.length > 0 && (
        <p>
          <Words text={head.join(" ")} />
        </p>
      )}
      {points.length > 0 && (
        <ul>
          {points.map((line) => (
            <li key={line}>
              <Words text={line.slice(2)} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function Words({ text }: { text: string }) {
  return text.split("**").map((part, place) => <Fragment key={place}>{place % 2 ? <b>{part}</b> : part}</Fragment>);
}
