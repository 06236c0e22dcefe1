/** The acts of drawing and measuring by hand. */

import { queryOptions } from "@tanstack/react-query";
import { query, read, remove, replace, send } from "@/api/client";
import type { Drawing, Kept, Shape, Versions } from "@/imaging/contouring/types";
import type { Position } from "@/imaging/types";

const pathOf = (study: string): string => `/api/v1/imaging/studies/${encodeURIComponent(study)}`;

export interface Contours {
  /** The mask that was drawn in: when it is not the newest any more, somebody else has saved. */
  based_on: string;
  shape: readonly number[];
  voxels: Uint8Array;
  /** How many bytes the stored mask has for each voxel. */
  bytes: 1 | 2;
  new: { number: number; site: string }[];
  removed: string[];
  note: string;
}

export async function saveContours(study: string, { voxels, bytes, ...rest }: Contours): Promise<Drawing> {
  return replace<Drawing>(`${pathOf(study)}/contours`, { ...rest, voxels: await packed(bytes === 2 ? Uint16Array.from(voxels) : voxels) });
}

export const backToAutomatic = (study: string, based_on: string) => remove(`${pathOf(study)}/contours${query({ based_on })}`);

export const versionsQuery = (study: string) =>
  queryOptions({
    queryKey: ["imaging", study, "contours"],
    queryFn: ({ signal }) => read<Versions>(`${pathOf(study)}/contours`, signal),
  });

export const keepMeasurement = (study: string, what: { series: string; kind: Shape; points: Position[]; label: string }) =>
  send<Kept>(`${pathOf(study)}/measurements`, what);

export const removeMeasurement = (study: string, id: string) => remove(`${pathOf(study)}/measurements/${encodeURIComponent(id)}`);

/** Deflated (RFC 1950) and in base64: a mask is mostly nothing. */
export async function packed(voxels: Uint8Array | Uint16Array): Promise<string> {
  const bytes = new Uint8Array(voxels.buffer as ArrayBuffer, voxels.byteOffset, voxels.byteLength);
  const deflated = new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate"));
  const small = new Uint8Array(await new Response(deflated).arrayBuffer());
  return btoa(Array.from(small, (each) => String.fromCharCode(each)).join(""));
}
