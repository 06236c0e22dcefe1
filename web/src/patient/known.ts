/** Everything the patient page shows, as it is known at the moment that is shown: now, or one of the past. */

import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useAxis } from "@/patient/asOf";
import type { Hours } from "@/patient/axis";
import { alertsQuery, type Moment, timelineQuery } from "@/patient/queries";
import { knownMoments } from "@/patient/rows";
import type { TimelineAnswer, WholePatient } from "@/patient/types";

const HOUR_MS = 3_600_000;
/** The server wants some stretch of time even for a moment at the very edge. */
const SHORTEST_HOURS = 0.1;

export function useKnown(patient: WholePatient, asOf: Moment, hours: Hours, drawn: boolean) {
  const at = asOf === undefined ? undefined : Date.parse(asOf);
  const axis = useAxis(hours, Date.parse(patient.now), at);
  // What the slider steps through is everything known at the end of the axis; what is shown is what was known at the moment chosen.
  const reaches = axis.until < axis.now ? new Date(axis.until).toISOString() : undefined;
  const outer = useQuery({
    ...timelineQuery(patient.id, hours, reaches),
    placeholderData: same(patient.id),
    enabled: asOf === undefined || drawn,
  });
  const inner = useQuery({
    ...timelineQuery(patient.id, at === undefined ? hours : Math.max(SHORTEST_HOURS, (at - axis.since) / HOUR_MS), asOf),
    placeholderData: same(patient.id),
    enabled: asOf !== undefined,
  });
  const alerts = useQuery({
    ...alertsQuery(patient.id, asOf),
    placeholderData: (before) => (before?.patient === patient.id ? before : undefined),
  });
  const latest = useQuery({ ...alertsQuery(patient.id, undefined), enabled: asOf === undefined });
  const moments = useMemo(() => {
    const acts = [...(latest.data?.open ?? []), ...(latest.data?.history ?? [])].flatMap((item) => item.history.map((entry) => entry.at));
    return outer.data ? knownMoments(outer.data, acts) : [];
  }, [outer.data, latest.data]);
  return {
    at,
    axis,
    /** Up to here things are known. */
    edge: at ?? axis.now,
    timeline: asOf === undefined ? outer : inner,
    hidden: inner.isPlaceholderData ? undefined : inner.data?.hidden,
    alerts: alerts.data,
    moments,
  };
}

/** An answer about another moment of the same patient may stand until the new one is there; one about another patient never. */
const same =
  (id: string) =>
  (before: TimelineAnswer | undefined): TimelineAnswer | undefined =>
    before?.patient === id ? before : undefined;
