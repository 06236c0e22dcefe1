/** Other sites whose pages may ask: which, letting one in for a while, taking it back. */

import { queryOptions } from "@tanstack/react-query";
import { read, remove, send } from "@/api/client";
import type { Time } from "@/api/types";

const MINUTE = 60_000;

export interface Origin {
  /** Empty for one that is in the settings. */
  id: string;
  origin: string;
  paths: string[];
  expires_at?: Time;
  reason: string;
  by: string;
}

export interface NewOrigin {
  origin: string;
  paths: string[];
  expires_at: string;
  reason: string;
}

const PATH = "/api/v1/cors/origins";

export const originsQuery = queryOptions({
  queryKey: ["origins"],
  queryFn: ({ signal }) => read<{ as_of: Time; origins: Origin[] }>(PATH, signal),
  refetchInterval: MINUTE,
});

export const allowOrigin = (asked: NewOrigin): Promise<Origin> => send<Origin>(PATH, asked);

export const withdrawOrigin = (id: string): Promise<void> => remove(`${PATH}/${encodeURIComponent(id)}`);
