/** A text cut where something was found. The server counts characters as people do (code points), JavaScript in halves of them. */

import type { FoundIdentifier } from "@/privacy/deidentify/queries";

export interface Piece {
  text: string;
  kind?: string;
}

export function pieces(text: string, found: readonly FoundIdentifier[], side: "old" | "new"): Piece[] {
  const letters = Array.from(text);
  const cut: Piece[] = [];
  let at = 0;
  for (const each of found) {
    const [start, end] = side === "old" ? [each.start, each.end] : [each.new_start, each.new_end];
    if (start > at) cut.push({ text: letters.slice(at, start).join("") });
    cut.push({ text: letters.slice(start, end).join(""), kind: each.kind });
    at = end;
  }
  if (at < letters.length) cut.push({ text: letters.slice(at).join("") });
  return cut;
}

export interface Kind {
  kind: string;
  values: { was: string; now: string; times: number }[];
  count: number;
}

/** What was found, kind by kind, the most frequent first. */
export function kinds(asked: string, text: string, found: readonly FoundIdentifier[]): Kind[] {
  const [old, made] = [Array.from(asked), Array.from(text)];
  const grouped = new Map<string, Map<string, { was: string; now: string; times: number }>>();
  for (const each of found) {
    const was = old.slice(each.start, each.end).join("").replace(/\s+/g, " ");
    const now = made.slice(each.new_start, each.new_end).join("").replace(/\s+/g, " ");
    const values = grouped.get(each.kind) ?? new Map<string, { was: string; now: string; times: number }>();
    values.set(was, { was, now, times: (values.get(was)?.times ?? 0) + 1 });
    grouped.set(each.kind, values);
  }
  return [...grouped]
    .map(([kind, values]) => ({
      kind,
      values: [...values.values()],
      count: [...values.values()].reduce((sum, each) => sum + each.times, 0),
    }))
    .sort((one, other) => other.count - one.count);
}
