/** The order of the rows: what needs action by urgency, the rest by bed. While somebody points or types in the table nothing moves. */

import type { Row } from "@/api/types";
import { identity } from "@/board/state";

export interface Arrangement {
  needs: readonly string[];
  rest: readonly string[];
}

export function arranged(rows: Iterable<Row>): Arrangement {
  const all = [...rows];
  const needs = all.filter((row) => row.needs_action).sort((a, b) => b.urgency - a.urgency || byBed(a, b));
  const rest = all.filter((row) => !row.needs_action).sort(byBed);
  return { needs: needs.map(identity), rest: rest.map(identity) };
}

const natural = new Intl.Collator("en", { numeric: true });

/** Bed 4 before bed 12. */
function byBed(a: Row, b: Row): number {
  return natural.compare(a.unit, b.unit) || natural.compare(a.bed, b.bed) || natural.compare(a.key, b.key);
}

/** What is shown stays where it is; who is new comes last. Rows that have left stay too, so that nothing moves up under a finger. */
export function kept(shown: Arrangement, wanted: Arrangement): Arrangement {
  const known = new Set([...shown.needs, ...shown.rest]);
  const added = [...wanted.needs, ...wanted.rest].filter((id) => !known.has(id));
  return added.length ? { needs: shown.needs, rest: [...shown.rest, ...added] } : shown;
}

/** How many rows would move, come or go if the order were taken up now. */
export function waiting(shown: Arrangement, wanted: Arrangement): number {
  const target = new Set([...wanted.needs, ...wanted.rest]);
  const gone = [...shown.needs, ...shown.rest].filter((id) => !target.has(id)).length;
  return gone + target.size - stayers(shown.needs, wanted.needs) - stayers(shown.rest, wanted.rest);
}

/** How many of a group stay put: the longest run of them that keeps its order. */
function stayers(shown: readonly string[], wanted: readonly string[]): number {
  const place = new Map(wanted.map((id, index) => [id, index]));
  const tails: number[] = [];
  for (const id of shown) {
    const at = place.get(id);
    if (at === undefined) continue;
    const longer = tails.findIndex((tail) => tail >= at);
    if (longer < 0) tails.push(at);
    else tails[longer] = at;
  }
  return tails.length;
}

export function sameOrder(a: Arrangement, b: Arrangement): boolean {
  return equal(a.needs, b.needs) && equal(a.rest, b.rest);
}

const equal = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((id, index) => id === b[index]);
