/** What is connected, as the server says it, and its words. */

import { queryOptions } from "@tanstack/react-query";
import { read } from "@/api/client";
import type { Severity, Time } from "@/api/types";
import { counted } from "@/feeds/words";
import { plain } from "@/library/words";
import { duration } from "@/time/words";

export interface Pool {
  name: string;
  kind: string;
  size: number;
  busy: number;
  waiting: Record<Severity, number>;
  breaker: "closed" | "half-open" | "open";
  failures: number;
  calls: number;
  refused: number;
  tries_again_at?: Time;
}

export interface Connections {
  as_of: Time;
  incoming: Record<string, number>;
  limits_met: Record<string, number>;
  pools: Pool[];
  writers: { name: "audit" | "log"; state: "ok" | "failing" | "full" | "broken" }[];
}

const SECOND = 1_000;
export const WATCHERS = ["admin", "engineer", "auditor", "privacy"] as const;
const OUT = "shown out: ";
const KINDS: Record<string, string> = { notifications: "Notifications", hl7v2: "HL7 v2", http: "HTTP" };
const DOORS: Record<string, string> = {
  http: "Browsers and programs",
  streams: "Live views",
  websockets: "WebSockets",
  mllp: "HL7 senders",
};
const LIMITS: Record<string, string> = {
  requests: "requests of one person",
  strangers: "requests of one address",
  "sign-ins": "failed sign-ins",
  patients: "patients of one person",
};

export const connectionsQuery = queryOptions({
  queryKey: ["connections"],
  queryFn: ({ signal }) => read<Connections>("/api/v1/connections", signal),
  refetchInterval: 5 * SECOND,
});

export const kindOf = (pool: Pool): string => KINDS[pool.kind] ?? plain(pool.kind);

/** Open connections, each with its word. */
export function doorsOf({ incoming }: Connections): [string, number][] {
  return Object.entries(incoming)
    .filter(([kind]) => !kind.startsWith(OUT))
    .map(([kind, number]) => [DOORS[kind] ?? plain(kind), number]);
}

/** What was turned away since the start, in words; empty where nothing was. */
export function turnedAway({ incoming, limits_met }: Connections): string[] {
  const out = Object.entries(incoming).filter(([kind, number]) => kind.startsWith(OUT) && number > 0);
  const met = Object.entries(limits_met).filter(([, number]) => number > 0);
  return [
    ...out.map(([kind, number]) => `${counted(number, "connection")} ended: ${kind.slice(OUT.length)}`),
    ...met.map(([limit, number]) => `${counted(number, "request")} refused: too many ${LIMITS[limit] ?? limit}`),
  ];
}

/** How a way out is doing, in a sentence. */
export function poolSaid(pool: Pool, now: number): string {
  if (pool.breaker === "open" && pool.tries_again_at) {
    const seconds = Math.max(0, (Date.parse(pool.tries_again_at) - now) / SECOND);
    return `Failed ${counted(pool.failures, "time")} in a row. Tried again in ${seconds < 60 ? `${Math.ceil(seconds)} s` : duration(seconds)}.`;
  }
  if (pool.breaker !== "closed") return `Failed ${counted(pool.failures, "time")} in a row. The next call tries.`;
  const waits = waitingIn(pool);
  if (waits) return `${pool.busy} of ${pool.size} busy, ${waits}.`;
  return pool.calls === 0
    ? "Not used since the start."
    : `${counted(pool.calls, "call")} since the start, ${pool.busy} of ${pool.size} busy.`;
}

/** "2 high and 1 low wait", the most urgent first; empty where nobody does. */
function waitingIn({ waiting }: Pool): string {
  const named = (["high", "medium", "low", "none"] as const).filter((each) => waiting[each] > 0);
  const said = named.map((each) => `${waiting[each]} ${each === "none" ? "routine" : each}`);
  const total = named.reduce((sum, each) => sum + waiting[each], 0);
  return said.length > 0 ? `${said.join(" and ")} ${total === 1 ? "waits" : "wait"}` : "";
}
