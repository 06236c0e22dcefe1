/** "W7, ICU" as a list of units. */
export const unitsIn = (text: string): string[] =>
  text
    .split(",")
    .map((unit) => unit.trim())
    .filter(Boolean);
