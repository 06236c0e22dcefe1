/** The differential of one patient. What is supposed travels in the body of a request, never in an address. */

import { queryOptions } from "@tanstack/react-query";
import { belonging } from "@/api/belonging";
import { query, read, send } from "@/api/client";
import type { Picture, Presentations, Supposed } from "@/patient/differential/types";
import type { Moment } from "@/patient/queries";

export const presentationsQuery = queryOptions({
  queryKey: ["presentations"],
  queryFn: ({ signal }) => read<Presentations>("/api/v1/diagnosis/presentations", signal),
  staleTime: Infinity,
});

export const pictureQuery = (id: string, presentation: string, findings: Supposed, asOf: Moment) =>
  queryOptions({
    queryKey:
      asOf === undefined
        ? ["patient", id, "differential", presentation, findings]
        : ["past", id, asOf, "differential", presentation, findings],
    queryFn: async ({ signal }) => {
      const path = `/api/v1/diagnosis/differential/${encodeURIComponent(id)}${query({ as_of: asOf })}`;
      const picture = presentation === "" ? await read<Picture>(path, signal) : await send<Picture>(path, { presentation, findings });
      return belonging(id, picture, (answer) => answer.patient);
    },
    gcTime: 30_000,
    // The picture before stays until the new one is there: nothing jumps when a finding is toggled.
    placeholderData: (before) => (before?.presentation === presentation && before.patient === id ? before : undefined),
  });
