/** A survival curve as it is drawn: steps, for nothing is known between the times at which somebody was affected. */

type Scale = (value: number) => number;

export function stepLine(months: readonly number[], shares: readonly number[], x: Scale, y: Scale): string {
  const [first = 1, ...later] = shares;
  return `M${x(months[0] ?? 0)} ${y(first)}${later.map((share, index) => `H${x(months[index + 1] ?? 0)}V${y(share)}`).join("")}`;
}

/** Between the lower and the upper steps. */
export function stepBand(months: readonly number[], low: readonly number[], high: readonly number[], x: Scale, y: Scale): string {
  const back = months
    .map((month, index) => ({ month, share: low[index] ?? 0, before: low[index - 1] }))
    .reverse()
    .map(({ month, share, before }) => `L${x(month)} ${y(share)}${before === undefined ? "" : `V${y(before)}`}`);
  return `${stepLine(months, high, x, y)}${back.join("")}Z`;
}

/** The first time at which half or fewer are free of it; undefined where the curve ends above. */
export const medianOf = (months: readonly number[], survival: readonly number[]): number | undefined =>
  months[survival.findIndex((share) => share <= 0.5)];

/** "38 to 53 %" */
export const span = (low = 0, high = 0): string => `${Math.round(low * 100)} to ${Math.round(high * 100)} %`;
