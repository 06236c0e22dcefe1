/** The questions about feeds, and what is done about them. */

import { queryOptions } from "@tanstack/react-query";
import { query, read, send } from "@/api/client";
import type { Feeds, Mapped, Mapping, Message, Quarantine, Unmapped } from "@/feeds/types";

const SECOND = 1_000;

export const feedsQuery = queryOptions({
  queryKey: ["feeds"],
  queryFn: ({ signal }) => read<Feeds>("/api/v1/feeds", signal),
  refetchInterval: 5 * SECOND,
});

export const unmappedQuery = (feed: string) =>
  queryOptions({
    queryKey: ["feeds", feed, "unmapped"],
    queryFn: ({ signal }) => read<Unmapped>(`${path(feed)}/unmapped`, signal),
    refetchInterval: 10 * SECOND,
  });

export const quarantineQuery = (feed: string | undefined) =>
  queryOptions({
    queryKey: ["quarantine", feed ?? ""],
    queryFn: ({ signal }) => read<Quarantine>(`/api/v1/quarantine${query({ feed })}`, signal),
    refetchInterval: 5 * SECOND,
    placeholderData: (before) => before,
  });

/** Opening it is recorded: it contains a patient's data. Asked once, when somebody opens it. */
export const messageQuery = (id: number) =>
  queryOptions({
    queryKey: ["quarantined", id],
    queryFn: ({ signal }) => read<Message>(`/api/v1/quarantine/${id}`, signal),
    staleTime: Infinity,
    gcTime: 0,
  });

export const map = (feed: string, mapping: Mapping): Promise<Mapped> => send<Mapped>(`${path(feed)}/mappings`, mapping);

/** Take it in as repaired, or without a text as it was. */
export const replay = (id: number, text?: string): Promise<{ replayed_as: number }> =>
  send(`/api/v1/quarantine/${id}/replay`, text === undefined ? {} : { text });

export const dismiss = (id: number, note: string): Promise<void> => send(`/api/v1/quarantine/${id}/dismiss`, { note });

const path = (feed: string): string => `/api/v1/feeds/${encodeURIComponent(feed)}`;
