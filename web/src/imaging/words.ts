/** The words of imaging. */

import type { Lesion, Named, Quality, Series, StudyLine } from "@/imaging/types";
import { date } from "@/time/words";

const MODALITIES: Record<string, string> = {
  CR: "X-ray",
  CT: "CT",
  DX: "X-ray",
  MG: "Mammography",
  MR: "MR",
  NM: "Nuclear medicine",
  OT: "Other",
  PT: "PET",
  SC: "Captured",
  US: "Ultrasound",
  XA: "Angiography",
};

export const modality = (code: string): string => MODALITIES[code] ?? code;

/** "PET/CT", "MR". Contours and reports about the pictures are no modality of the study. */
export function modalities(codes: readonly string[]): string {
  const known = codes.filter((code) => code in MODALITIES);
  const shown = (known.length ? known : codes).map(modality);
  return [...new Set(shown)].sort((a, b) => Number(b === "PET") - Number(a === "PET")).join("/") || "–";
}

/** "12 Nov 2026" */
export const day = (time: string): string => date(time).split(" ").slice(1).join(" ");

export const seriesName = ({ number, modality: code, description, instances }: Series): string =>
  [number === null ? "" : `${number}.`, modality(code), description && `– ${description}`, `(${instances})`].filter(Boolean).join(" ");

export const STATES: Record<StudyLine["state"], string> = {
  receiving: "Arriving",
  complete: "Being measured",
  analysed: "Ready",
  unplaced: "Not placed with a patient",
};

export const VERDICTS: Record<Quality["verdict"], string> = { accept: "accepted", repeat: "repeat" };

/** What a lesion is known by and compared with before: the first of these that it has. */
const MAIN = ["sul_peak", "suv_peak", "suv_max", "long_axis", "volume"];
/** What else is shown of it, in this order. Everything there is stands in the exported table. */
const BESIDE = ["suv_max", "long_axis", "volume", "mtv", "tlg"];

export const mainValue = ({ values }: Lesion): Named | undefined =>
  MAIN.map((id) => valueOf(values, id)).find((each) => each !== undefined);

/** The columns of a table of these lesions, the main one first. */
export function columnsOf(lesions: readonly Lesion[]): Named[] {
  const [main] = lesions.flatMap((each) => mainValue(each) ?? []);
  const known = new Map(lesions.flatMap(({ values }) => values.map((each) => [each.id, each] as const)));
  // Of two volumes beside each other the one inside the site's border, which every lesion has.
  const beside = BESIDE.filter((id) => id !== main?.id && !(id === "volume" && known.has("mtv")));
  return main ? [main, ...beside.flatMap((id) => known.get(id) ?? [])] : [];
}

export const valueOf = (values: readonly Named[], id: string): Named | undefined => values.find((each) => each.id === id);

/** "5.41", "18.6", "1 204": as many digits as mean something beside each other in a column. */
export function number(value: number, digits = Math.abs(value) < 10 ? 2 : 1): string {
  return value.toFixed(digits).replace("-", "−");
}

/** "−45 %" from what was to what is; undefined where there is nothing to compare. */
export function change(now: number | null | undefined, then: number | null | undefined): string | undefined {
  if (now == null || then == null || then === 0) return undefined;
  const percent = Math.round((now / then - 1) * 100);
  return `${percent < 0 ? "−" : percent > 0 ? "+" : ""}${Math.abs(percent)} %`;
}

export const openMatch = ({ prior }: Lesion): boolean => prior !== null && !prior.confirmed;
