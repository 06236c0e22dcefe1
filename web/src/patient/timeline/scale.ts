/** How the values of a row are laid out: its scale, and whether there is room for each of them. */

/** Below this many pixels between two values bars run into each other. */
export const ROOM = 7;

export const isDense = (count: number, width: number): boolean => count * ROOM > width;

/** The scale of a row: its values and the usual range, with room above and below. */
export function reach(values: readonly number[], usual: readonly [number, number] | null): [number, number] {
  const all = [...values, ...(usual ?? [])];
  const low = all.reduce((least, value) => Math.min(least, value), Infinity);
  const high = all.reduce((most, value) => Math.max(most, value), -Infinity);
  if (low > high) return [0, 1];
  const room = Math.max(1e-6, high - low) * 0.18;
  return [low - room, high + room];
}
