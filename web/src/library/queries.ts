/** The questions of the library. Nothing here is about a patient, and no answer is kept on the server. */

import { queryOptions } from "@tanstack/react-query";
import { read, send } from "@/api/client";
import type { Assessed, Library, Question, WholeCapability } from "@/library/types";

export const libraryQuery = queryOptions({
  queryKey: ["library"],
  queryFn: ({ signal }) => read<Library>("/api/v1/capabilities", signal),
});

const path = (id: string): string => `/api/v1/capabilities/${encodeURIComponent(id)}`;

export const wholeCapabilityQuery = (id: string) =>
  queryOptions({
    queryKey: ["library", id],
    queryFn: ({ signal }) => read<WholeCapability>(path(id), signal),
    staleTime: Infinity,
  });

export const assessPath = (id: string): string => `${path(id)}/assess`;

export const assessQuery = (id: string, question: Question) =>
  queryOptions({
    queryKey: ["library", id, "assess", question],
    queryFn: () => send<Assessed>(assessPath(id), question),
    staleTime: Infinity,
    gcTime: 30_000,
    // The answer before stays until the new one is there: nothing jumps while somebody types.
    placeholderData: (before) => before,
  });
