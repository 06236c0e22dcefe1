/** The questions of the patient page. Each may be asked "as of" a moment; what was known then never changes, so it is asked once. */

import { queryOptions } from "@tanstack/react-query";
import { belonging } from "@/api/belonging";
import { query, read } from "@/api/client";
import type { Answer, PatientAlerts, Time } from "@/api/types";
import type { TimelineAnswer, WholePatient } from "@/patient/types";

/** Undefined: now. */
export type Moment = Time | undefined;

const path = (id: string): string => `/api/v1/patients/${encodeURIComponent(id)}`;
const lasting = (asOf: Moment) => (asOf === undefined ? {} : { staleTime: Infinity });

export const wholePatientQuery = (id: string, asOf: Moment) =>
  queryOptions({
    queryKey: asOf === undefined ? ["patient", id] : ["past", id, asOf],
    queryFn: async ({ signal }) =>
      belonging(id, await read<WholePatient>(path(id) + query({ as_of: asOf }), signal), (answer) => answer.id),
    ...lasting(asOf),
  });

export const timelineQuery = (id: string, hours: number, asOf: Moment) =>
  queryOptions({
    queryKey: asOf === undefined ? ["patient", id, "timeline", hours] : ["past", id, asOf, "timeline", hours],
    queryFn: async ({ signal }) =>
      belonging(
        id,
        await read<TimelineAnswer>(`${path(id)}/timeline${query({ as_of: asOf, hours: String(hours) })}`, signal),
        (answer) => answer.patient,
      ),
    ...lasting(asOf),
  });

export const alertsQuery = (id: string, asOf: Moment) =>
  queryOptions({
    queryKey: asOf === undefined ? ["patient", id, "alerts"] : ["past", id, asOf, "alerts"],
    queryFn: async ({ signal }) =>
      belonging(id, await read<PatientAlerts>(`${path(id)}/alerts${query({ as_of: asOf })}`, signal), ({ patient, open, history }) => [
        patient,
        ...[...open, ...history].map((item) => item.patient.id),
      ]),
    ...lasting(asOf),
  });

interface AnswersThen {
  patient: string;
  as_of: Time;
  findings: Answer[];
}

/** Every answer as it stood at a moment: what was on the screen then. */
export const answersThenQuery = (id: string, asOf: Time) =>
  queryOptions({
    queryKey: ["past", id, asOf, "findings"],
    queryFn: async ({ signal }) =>
      belonging(id, await read<AnswersThen>(`${path(id)}/findings${query({ as_of: asOf })}`, signal), (answer) => answer.patient),
    staleTime: Infinity,
  });

/** One question's answers as they were known at a moment. */
export const historyThenQuery = (id: string, capability: string, asOf: Time) =>
  queryOptions({
    queryKey: ["past", id, asOf, "findings", capability],
    queryFn: async ({ signal }) =>
      belonging(
        id,
        await read<AnswersThen>(`${path(id)}/findings${query({ as_of: asOf, capability })}`, signal),
        (answer) => answer.patient,
      ),
    staleTime: Infinity,
  });
