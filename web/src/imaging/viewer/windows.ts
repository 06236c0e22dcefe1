/** Windows of CT, as ranges of Hounsfield units. Conventions of display, not measurements: sites differ, and every one can be changed by dragging. */

export interface Range {
  lower: number;
  upper: number;
}

export interface Window extends Range {
  id: string;
  word: string;
}

const centred = (id: string, word: string, centre: number, width: number): Window => ({
  id,
  word,
  lower: centre - width / 2,
  upper: centre + width / 2,
});

export const WINDOWS: readonly [Window, ...Window[]] = [
  centred("soft", "Soft tissue", 40, 400),
  centred("lung", "Lung", -600, 1_500),
  centred("bone", "Bone", 400, 1_800),
  centred("brain", "Brain", 40, 80),
  centred("liver", "Liver", 60, 160),
];

/** Upper ends of the SUV scale. */
export const TOPS = [5, 8, 10, 15, 20] as const;

/** To the right is wider, down is darker, as on every workstation. */
export function dragged({ lower, upper }: Range, right: number, down: number): Range {
  const width = Math.max(1, upper - lower + right * WIDER);
  const centre = (upper + lower) / 2 + down * DARKER;
  return { lower: centre - width / 2, upper: centre + width / 2 };
}

/** Hounsfield units for a pixel. */
const WIDER = 4;
const DARKER = 2;
