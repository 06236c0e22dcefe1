/** What stands in the address of a patient's page: the moment that is shown, the window and the tab. */

import { type Hours, WINDOWS } from "@/patient/axis";

export const TABS = [
  "timeline",
  "problems",
  "documents",
  "medication",
  "imaging",
  "differential",
  "guidelines",
  "ask",
  "alerts",
  "privacy",
] as const;
export type Tab = (typeof TABS)[number];

export interface PatientSearch {
  /** RFC 3339; left out: now. */
  as_of?: string | undefined;
  hours?: Hours | undefined;
  tab?: Exclude<Tab, "timeline"> | undefined;
  /** The question that is open on the tab that asks. */
  ask?: string | undefined;
  /** The guideline card that is open on their tab. */
  card?: string | undefined;
}

/** Tabs that need the whole width: nothing stands beside them. */
export const WHOLE: readonly Tab[] = ["imaging", "differential", "guidelines", "ask"];

/** What of an address counts; anything else in it is dropped. */
export function patientSearch(search: Record<string, unknown>): PatientSearch {
  const asOf = search["as_of"];
  const hours = WINDOWS.find(([each]) => each === Number(search["hours"]))?.[0];
  const tab = TABS.find((each) => each === search["tab"]);
  const ask = search["ask"];
  const card = search["card"];
  return {
    ...(typeof asOf === "string" && !Number.isNaN(Date.parse(asOf)) ? { as_of: asOf } : {}),
    ...(hours !== undefined && hours !== 24 ? { hours } : {}),
    ...(tab !== undefined && tab !== "timeline" ? { tab } : {}),
    ...(typeof ask === "string" && /^[a-z][a-z0-9_]*$/.test(ask) ? { ask } : {}),
    ...(typeof card === "string" && /^[a-z][a-z0-9_]*$/.test(card) ? { card } : {}),
  };
}
