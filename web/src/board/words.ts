/** What a row says in words: who, where, which alert, since when. */

import type { Target } from "@/acts/acts";
import type { Row } from "@/api/types";
import { moment } from "@/time/words";

/** "Okafor, Daniel" */
export function fullName(row: { family: string; given: string }): string {
  return [row.family, row.given].filter(Boolean).join(", ") || "Name not known";
}

/** "M, 71 y" */
export function sexAndAge(row: { sex: string; age_years: number | null }): string {
  return [row.sex, row.age_years === null ? "" : `${row.age_years} y`].filter(Boolean).join(", ");
}

/** "bed 12, Okafor, NEWS2 7": how messages name an alert. */
export function targetOf(row: Row): Target | null {
  if (!row.alert || row.about === null) return null;
  const label = [row.bed && `bed ${row.bed}`, row.family, row.alert.summary].filter(Boolean).join(", ");
  return { alert: row.alert.id, patient: row.about, label, escalatesTo: rolesShown(row.alert.escalates_to) };
}

/** "7", "≥ 7", "–" */
export function scoreShown(score: Row["score"]): string {
  if (score.value === null) return "–";
  return score.outcome === "at_least" ? `≥ ${score.value}` : `${score.value}`;
}

/** "up from 2", "same for 6 h", "At least 7: temperature missing", "as of 22:14" */
export function scoreWords({ score, needs_action }: Row, now: number): string {
  if (score.stale && score.as_of) return `as of ${moment(score.as_of, now)}`;
  if (score.outcome === "at_least") return `At least ${score.value}: ${score.words}`;
  const seconds = score.since === null ? 0 : (now - Date.parse(score.since)) / 1_000;
  return needs_action && score.words === "same" && seconds >= 3_600 ? `same for ${Math.floor(seconds / 3_600)} h` : score.words;
}

/** "NEWS2 2 → 7 at 04:08", "No change since 22:30" */
export function factWords({ fact, at }: Row["changed"], now: number): string {
  if (!fact || at === null || /\d\d:\d\d/.test(fact)) return fact;
  return `${fact} ${fact === "No change" ? "since" : "at"} ${moment(at, now)}`;
}

/** Who has taken the alert on and since when, otherwise what the change consists of. */
export function contextWords({ alert, changed }: Row, me: string, now: number): string {
  if (!isAcknowledged(alert)) return changed.context;
  const who = alert.acknowledged_by === me ? "you" : alert.acknowledged_by;
  const when = alert.acknowledged_at ? ` ${moment(alert.acknowledged_at, now)}` : "";
  return `Acknowledged${when}${who ? ` by ${who}` : ""}`;
}

export function isAcknowledged(alert: Row["alert"]): alert is NonNullable<Row["alert"]> {
  return alert?.state === "acknowledged";
}

/** What was decided about an alert that somebody has seen. */
export const stateShown = (alert: { state: string } | null): string =>
  alert && ["acknowledged", "overridden"].includes(alert.state) ? alert.state : "seen, not acknowledged";

/** "doctor and rapid response" from the codes of roles. */
export function rolesShown(roles: readonly string[]): string {
  return roles.map((role) => role.replaceAll("_", " ")).join(" and ");
}

/** A row belongs to the person whose name it carries as nurse or doctor. */
export function isMine(row: { nurse: string; doctor: string }, name: string): boolean {
  return name !== "" && (row.nurse === name || row.doctor === name);
}
