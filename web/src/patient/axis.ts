/** The one time axis of the patient page: which stretch of time is shown, where a moment falls on it, and its ticks. */

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export const WINDOWS = [
  [6, "6 h"],
  [24, "24 h"],
  [168, "7 days"],
] as const;
export type Hours = (typeof WINDOWS)[number][0];

/** Room to the right of now, so that the newest value does not touch the edge. */
const MARGIN = 0.03;

export interface Axis {
  since: number;
  until: number;
  /** The present, or the moment at which the record was left to look at the past. */
  now: number;
  hours: Hours;
}

/** The last `hours` up to now. A moment before that is shown with a quarter of the window after it. */
export function axisFor(hours: Hours, now: number, asOf: number | undefined): Axis {
  const length = hours * HOUR_MS;
  const end = asOf !== undefined && asOf < now - length ? asOf + length / 4 : now;
  return { since: end - length, until: end + length * MARGIN, now, hours };
}

/** Between 0 (left edge) and 1 (right edge). */
export const share = (axis: Axis, at: number): number => (at - axis.since) / (axis.until - axis.since);

export const percent = (axis: Axis, at: number): string => `${(share(axis, at) * 100).toFixed(3)}%`;

export const momentAt = (axis: Axis, part: number): number => axis.since + part * (axis.until - axis.since);

/** Hours between two ticks: at most nine fit. */
const STEP_HOURS: Record<Hours, number> = { 6: 1, 24: 3, 168: 24 };

/** Full hours of the hospital's clock. `offsetMinutes` is its difference from UTC at a moment. */
export function ticks(axis: Axis, offsetMinutes: (at: number) => number): number[] {
  const step = STEP_HOURS[axis.hours] * HOUR_MS;
  const local = axis.since + offsetMinutes(axis.since) * 60_000;
  const first = Math.ceil(local / step) * step - offsetMinutes(axis.since) * 60_000;
  const found: number[] = [];
  for (let at = first; at <= axis.until; at += step) found.push(at);
  return found;
}

/** Midnights within the axis, for the names of the days. */
export function midnights(axis: Axis, offsetMinutes: (at: number) => number): number[] {
  const local = axis.since + offsetMinutes(axis.since) * 60_000;
  const first = Math.ceil(local / DAY_MS) * DAY_MS - offsetMinutes(axis.since) * 60_000;
  const found: number[] = [];
  for (let at = first; at < axis.until; at += DAY_MS) found.push(at);
  return found;
}

/** The event before or after a moment. Undefined beyond the last one: there is only now. */
export function stepped(moments: readonly number[], from: number, by: number): number | undefined {
  if (by < 0) {
    const before = moments.findLastIndex((at) => at < from);
    return before < 0 ? moments[0] : moments[Math.max(0, before + by + 1)];
  }
  const after = moments.findIndex((at) => at > from);
  return after < 0 ? undefined : moments[after + by - 1];
}
