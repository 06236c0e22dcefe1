/** How retention is said: whom, how long, how much. */

import type { PersonAsked } from "@/privacy/retention/queries";
import { birthDate } from "@/time/words";

/** "Moss, Ada · 1001 · born 3 Mar 1955"; for somebody who is gone only the record's key. */
export function named(person: Pick<PersonAsked, "id" | "name" | "number" | "born"> | undefined): string {
  if (!person?.name) return person ? `Record ${person.id}` : "";
  return [person.name, person.number, person.born && `born ${birthDate(person.born)}`].filter(Boolean).join(" · ");
}

/** "10 years", "6 months", "not at all". */
export function years(count: number): string {
  if (count === 0) return "not at all";
  if (count < 1) return `${Math.round(count * 12)} months`;
  return `${count} ${count === 1 ? "year" : "years"}`;
}

/** "1.4 GB" */
export function size(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const step = bytes < 1 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), units.length - 1);
  const shown = bytes / 1000 ** step;
  return `${shown.toFixed(step === 0 || shown >= 100 ? 0 : 1)} ${units[step]}`;
}
