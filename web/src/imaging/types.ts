/** What the doors of imaging answer. */

import type { Time } from "@/api/types";
import type { Drawing, How, Kept } from "@/imaging/contouring/types";

/** Millimetres towards the patient's left, back and head. */
export type Position = [number, number, number];

export interface Named {
  id: string;
  name: string;
  /** Null: there is no number, and `why` says why. */
  value: number | null;
  unit: string;
  why?: string;
}

export interface Quality {
  verdict: "accept" | "repeat";
  score: number;
  checked_at: Time;
  /** `ok` is null for what could not be looked at. */
  checks: { name: string; value: string; ok: boolean | null; reason: string }[];
}

export interface StudyLine {
  uid: string;
  /** Null: not placed with a patient. */
  patient: string | null;
  name: string;
  number: string;
  born: string;
  sex: string;
  accession: string;
  description: string;
  modalities: string[];
  started_at: Time;
  state: "receiving" | "complete" | "analysed" | "unplaced";
  reason: string;
  instances: number;
  quality: Pick<Quality, "verdict" | "score"> | null;
}

export interface Studies {
  as_of: Time;
  studies: StudyLine[];
}

/** One kind of SUV, as a multiple of the one by body weight. */
export interface SuvKind {
  kind: string;
  label: string;
  unit: string;
  of_suvbw: number;
}

export interface Suv {
  series: string;
  kind: string;
  label: string;
  unit: string;
  /** By SOP Instance UID: what the rescaled value of that slice is multiplied with. */
  factors: Record<string, number>;
  others: (SuvKind | { kind: string; label: string; unit: string; refused: string })[];
  provenance: { what: string; value: string | number; unit: string; source: string }[];
  /** Why there is no SUV, naming the tag; "" when there is one. */
  refused: string;
  warnings: string[];
}

export interface Series {
  uid: string;
  number: number | null;
  modality: string;
  description: string;
  instances: number;
  suv: Suv | null;
}

export interface Lesion {
  key: string;
  site: string;
  series: string;
  /** Of its hottest voxel. */
  position: Position;
  /** Of all its voxels. */
  centre?: Position;
  radius_mm: number;
  /** Its number in the mask. */
  label: number | null;
  /** Outlined by a program, changed by a person, or drawn by one. */
  how: How;
  values: Named[];
  prior: { key: string; study: string; values: Named[]; match: number | null; confirmed: boolean } | null;
  change_percent: number | null;
}

export interface Mask {
  id: string;
  series: string;
  /** Whose answer it is part of. */
  capability: string;
  made_by: string;
  automatic: boolean;
  notes: string[];
  shape: [number, number, number];
  labels: { number: number; name: string }[];
}

export interface Response {
  name: string;
  category: string;
  summary: string;
  because: string[];
}

/** What one program said about the study. */
export interface Answered {
  capability: string;
  title: string;
  outcome: string;
  value: number | string | null;
  unit: string;
  summary: string;
  reason: string;
  standing: string;
  /** False: silent until the site has activated it. */
  active: boolean;
  at: Time;
}

export interface Study extends StudyLine {
  as_of: Time;
  /** A worker is looking at it now. */
  is_working: boolean;
  /** How it came to this patient. */
  why: string;
  priors: Pick<StudyLine, "uid" | "started_at" | "description" | "modalities">[];
  series: Series[];
  assessment: Quality | null;
  lesions: Lesion[];
  response: Response | null;
  masks: Mask[];
  answers: Answered[];
  /** Null: the contours are the automatic ones. */
  drawing: Drawing | null;
  /** Measurements by hand. */
  marks: Kept[];
  may: { draw: boolean };
}

export interface Radiomics {
  /** Why there is nothing, where that is so. */
  reason: string;
  settings: Record<string, unknown>;
  regions: { key: string; name: string; features: { id: string; family: string; name: string; value: number | null; unit: string }[] }[];
}

export interface Prognosis {
  as_of: Time;
  curve: {
    months: number[];
    /** The chance to be free of `outcome` at each of `months`, 0 to 1, with its 95 % interval. */
    survival: number[];
    low: number[];
    high: number[];
    outcome: string;
    model: { title: string; kind: string; digest: string; card: Record<string, unknown> };
    features: Record<string, number>;
  } | null;
  /** Why there is no curve, where that is so. */
  reason: string;
  active: boolean;
}
