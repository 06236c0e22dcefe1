/** What the doors of contours and measurements by hand answer. */

import type { Time } from "@/api/types";
import type { Named, Position } from "@/imaging/types";

export type How = "automatic" | "changed" | "drawn";

interface Version {
  mask: string;
  by: string;
  at: Time;
  note: string;
  lesions: { key: string; label: number; site: string; how: How }[];
  /** Keys of lesions that were erased. */
  removed: string[];
}

/** The contours of a study as a person has left them. */
export interface Drawing extends Version {
  /** "measuring": the numbers shown are those of before. "not used": `why` says why; the lesions shown are the automatic ones. */
  state: "measured" | "measuring" | "not used";
  why: string;
}

export interface Versions {
  as_of: Time;
  /** The newest first, the automatic one last. */
  versions: (Omit<Version, "at"> & ({ automatic: false; at: Time } | { automatic: true; at: null }) & { is_current: boolean })[];
}

export type Shape = "length" | "ellipse" | "sphere";

/** A measurement by hand that stands with the study. */
export interface Kept {
  id: string;
  series: string;
  kind: Shape;
  /** Both ends; the ends of both axes; or the centre and a point on the sphere. */
  points: Position[];
  label: string;
  by: string;
  at: Time;
  /** False: images have come or gone since it was measured. */
  is_current: boolean;
  values: Named[];
}
