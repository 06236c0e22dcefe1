/** Asking about one patient: nothing is kept, nobody is alerted. */

import { queryOptions } from "@tanstack/react-query";
import { belonging } from "@/api/belonging";
import { query, read, send } from "@/api/client";
import type { Question } from "@/library/types";
import type { Answerable, Asked } from "@/patient/asking/types";
import type { Moment } from "@/patient/queries";

const path = (id: string): string => `/api/v1/patients/${encodeURIComponent(id)}`;

export const answerableQuery = (id: string, asOf: Moment) =>
  queryOptions({
    queryKey: asOf === undefined ? ["patient", id, "answerable"] : ["past", id, asOf, "answerable"],
    queryFn: async ({ signal }) =>
      belonging(id, await read<Answerable>(`${path(id)}/answerable${query({ as_of: asOf })}`, signal), (answer) => answer.patient),
    ...(asOf === undefined ? {} : { staleTime: Infinity }),
  });

export const askedQuery = (id: string, capability: string, given: Question, asOf: Moment) =>
  queryOptions({
    queryKey: asOf === undefined ? ["patient", id, "asked", capability, given] : ["past", id, asOf, "asked", capability, given],
    queryFn: async () =>
      belonging(
        id,
        await send<Asked>(`${path(id)}/assess/${encodeURIComponent(capability)}${query({ as_of: asOf })}`, given),
        (answer) => answer.patient,
      ),
    gcTime: 30_000,
    // The answer before stays until the new one is there: nothing jumps while somebody types.
    placeholderData: (before) => (before?.capability === capability && before.patient === id ? before : undefined),
  });
