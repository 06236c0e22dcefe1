/** A series as the DICOMweb door tells it: which images, in which order, and what their headers say. */

import { read } from "@/api/client";
import type { Position } from "@/imaging/types";

/** Of the addresses that the image loader fetches as the person signed in. */
export const SCHEME = "wardline";

/** DICOM JSON of one instance (PS3.18 F.2), by tag. */
export type Header = Record<string, { vr: string; Value?: unknown[] } | undefined>;

export interface Slice {
  /** What the image loader is asked for. */
  imageId: string;
  instance: string;
  header: Header;
  /** Undefined: the image says no place in the patient. */
  position: Position | undefined;
}

export interface Stack {
  study: string;
  series: string;
  modality: string;
  /** Frame of Reference UID: stacks that share it lie in the same coordinates. */
  frame: string;
  /** Along the normal of the images where they say where they lie, else by instance number. */
  slices: Slice[];
  /** All lie parallel, of one size, each in a place of its own: they make a volume. */
  isVolume: boolean;
}

const TAG = {
  instance: "00080018",
  modality: "00080060",
  number: "00200013",
  position: "00200032",
  orientation: "00200037",
  frame: "00200052",
  frames: "00280008",
  rows: "00280010",
  columns: "00280011",
  pixelSpacing: "00280030",
} as const;

export const numbers = (header: Header, tag: string): number[] => (header[tag]?.Value ?? []).map(Number);
export const text = (header: Header, tag: string): string => String(header[tag]?.Value?.[0] ?? "");

const pathOf = (study: string, series: string): string => `/dicom-web/studies/${study}/series/${series}`;

export async function stackOf(study: string, series: string, signal?: AbortSignal): Promise<Stack> {
  return stackIn(study, series, await read<Header[]>(`${pathOf(study, series)}/metadata`, signal));
}

export function stackIn(study: string, series: string, headers: Header[]): Stack {
  const path = pathOf(study, series);
  const slices = headers.flatMap((header) => framesOf(header, path));
  const normal = normalOf(headers[0]);
  return {
    study,
    series,
    modality: headers[0] ? text(headers[0], TAG.modality) : "",
    frame: headers[0] ? text(headers[0], TAG.frame) : "",
    slices: normal ? alongNormal(slices, normal) : slices.sort((a, b) => number(a) - number(b)),
    isVolume: normal !== undefined && areOneVolume(slices, normal),
  };
}

const number = ({ header }: Slice): number => numbers(header, TAG.number)[0] ?? 0;

function framesOf(header: Header, path: string): Slice[] {
  const instance = text(header, TAG.instance);
  const [x, y, z] = numbers(header, TAG.position);
  const position: Position | undefined = x === undefined || y === undefined || z === undefined ? undefined : [x, y, z];
  const frames = Math.max(1, numbers(header, TAG.frames)[0] ?? 1);
  return Array.from({ length: frames }, (_, index) => ({
    imageId: `${SCHEME}:${path}/instances/${instance}/frames/${index + 1}`,
    instance,
    header,
    position: frames === 1 ? position : undefined,
  }));
}

/** The cross product of the directions of row and column (PS3.3 C.7.6.2.1.1). */
function normalOf(header: Header | undefined): Position | undefined {
  const [a, b, c, d, e, f] = header ? numbers(header, TAG.orientation) : [];
  if (a === undefined || b === undefined || c === undefined || d === undefined || e === undefined || f === undefined) return undefined;
  return [b * f - c * e, c * d - a * f, a * e - b * d];
}

const along = (position: Position | undefined, normal: Position): number =>
  position ? position.reduce((sum, each, axis) => sum + each * (normal[axis] ?? 0), 0) : Number.NaN;

const alongNormal = (slices: Slice[], normal: Position): Slice[] =>
  slices.every(({ position }) => position)
    ? slices.sort((a, b) => along(a.position, normal) - along(b.position, normal))
    : slices.sort((a, b) => number(a) - number(b));

/** A hundredth of a millimetre, and of the length of a unit vector. */
const SAME = 0.01;
/** A gap may differ from the others by this share before slices count as missing. */
const UNEVEN = 0.1;

function areOneVolume(slices: Slice[], normal: Position): boolean {
  const first = slices[0];
  if (!first || slices.length < 2 || slices.some(({ position }) => !position)) return false;
  const alike = slices.every(({ header }) =>
    ([TAG.rows, TAG.columns, TAG.pixelSpacing, TAG.orientation] as const).every((tag) => {
      const expected = numbers(first.header, tag);
      return expected.length > 0 && numbers(header, tag).every((each, index) => Math.abs(each - (expected[index] ?? 0)) <= SAME);
    }),
  );
  const places = slices.map(({ position }) => along(position, normal)).sort((a, b) => a - b);
  const gaps = places.slice(1).map((place, index) => place - (places[index] ?? 0));
  const usual = [...gaps].sort((a, b) => a - b)[gaps.length >> 1] ?? 0;
  return alike && usual > SAME && gaps.every((gap) => Math.abs(gap - usual) <= UNEVEN * usual);
}
