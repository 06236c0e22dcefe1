/** Which moment the page shows: now and following it, or one in the past, which stands in the address so that it can be sent on. */

import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useRef } from "react";
import { type Axis, axisFor, type Hours } from "@/patient/axis";
import type { PatientSearch } from "@/patient/search";

export function usePatientSearch() {
  const search = useSearch({ from: "/in/patients/$id" });
  const navigate = useNavigate({ from: "/patients/$id" });
  const change = useCallback(
    (next: PatientSearch) => void navigate({ search: (before) => ({ ...before, ...next }), replace: true, resetScroll: false }),
    [navigate],
  );
  const show = useCallback((at: number | undefined) => change({ as_of: at === undefined ? undefined : isoMinute(at) }), [change]);
  return { search, change, show };
}

/** "2026-11-14T04:14:00Z" */
const isoMinute = (at: number): string => new Date(at).toISOString().replace(/\.\d+Z$/, "Z");

/** The axis follows now; it stands still while the past is looked at, so that nothing moves under the hand. */
export function useAxis(hours: Hours, now: number, asOf: number | undefined): Axis {
  const left = useRef({ now, asOf });
  if (asOf === undefined || left.current.asOf === undefined) left.current = { now, asOf };
  const held = asOf === undefined ? now : left.current.now;
  return axisFor(hours, held, asOf);
}
