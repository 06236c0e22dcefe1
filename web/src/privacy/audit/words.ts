/** What an entry of the audit trail means, in words. */

import type { Entry } from "@/privacy/audit/queries";

const PURPOSES: Record<string, string> = {
  TREAT: "to treat",
  BTG: "in an emergency",
  HOPERAT: "for the running of the hospital",
  HRESCH: "for research",
  PATRQT: "at the patient's request",
  ETREAT: "in an emergency",
};

/** "Helen Vance (doctor) asked for this from 10.0.0.7 to treat. It was done." */
export function meaning(entry: Entry): string {
  const who = entry.name || "Somebody who was not signed in";
  const roles = entry.roles.length ? ` (${entry.roles.join(", ")})` : "";
  const how = entry.client ? `, through the program ${entry.client}` : "";
  const where = entry.address ? ` from ${entry.address}` : "";
  const why = entry.patients > 0 && PURPOSES[entry.purpose] ? ` ${PURPOSES[entry.purpose]}` : "";
  const ended = { success: "It was done.", refused: "It was refused.", failed: "It did not work." }[entry.outcome];
  return `${who}${roles} asked for this${where}${how}${why}. ${ended}`;
}

/** Whose data was shown. */
export function shown(entry: Entry): string {
  if (entry.about) return entry.number || "not listed any more";
  if (entry.patients) return entry.patients === 1 ? "1 patient" : `${entry.patients} patients`;
  return "";
}

/** What the room itself noted, and why it was refused. */
export function noted(entry: Entry): string {
  const { said, why, ...more } = entry.detail;
  const rest = Object.entries(more).filter(([, value]) => value);
  return [said, ...rest.map(([name, value]) => (name === "detail" ? value : `${name.replaceAll("_", " ")}: ${value}`))]
    .filter(Boolean)
    .join(", ");
}
