/** Windows of CT, as ranges of Hounsfield units. Conventions of display, not measurements: sites differ, and every one can be changed by dragging. */

export interface Window {
  id: string;
  word: string;
  lower: number;
  upper: number;
}

const centred = (id: string, word: string, centre: number, width: number): Window => ({
  id,
  word,
  lower: centre - width / 2,
  upper: centre + width / 2,
});

export const WINDOWS: readonly [Window, ...Window[]] = [
  centred("soft", "soft tissue", 40, 400),
  centred("lung", "lung", -600, 1_500),
  centred("bone", "bone", 400, 1_800),
  centred("brain", "brain", 40, 80),
  centred("liver", "liver", 60, 160),
];

/** Upper ends of the SUV scale. */
export const TOPS = [5, 8, 10, 15, 20] as const;
