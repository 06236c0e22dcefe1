/** How much of the past a question reaches back over. */

import { clock } from "@/time/clock";

const HOUR_MS = 3_600_000;

/** Hours as text, for a choice on the page; nothing for all there is. */
export const REACHES = [
  ["", "All of the log"],
  ["24", "Last 24 hours"],
  ["168", "Last 7 days"],
  ["720", "Last 30 days"],
] as const;

/** The moment that many hours ago, by the hospital's clock. */
export function since(reach: string): string | undefined {
  const now = clock.now();
  return reach === "" || Number.isNaN(now) ? undefined : new Date(now - Number(reach) * HOUR_MS).toISOString();
}
