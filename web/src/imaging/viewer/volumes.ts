/** Series as volumes in the browser's memory, loaded from the middle outwards, and the words for what their voxels mean. */

import { cache, imageLoadPoolManager, metaData, type Types, volumeLoader } from "@cornerstonejs/core";
import { wadors } from "@cornerstonejs/dicom-image-loader";
import type { Stack } from "@/imaging/viewer/dicomweb";
import type { Images } from "@/imaging/viewer/images";
import { factorOf } from "@/imaging/viewer/scaling";
import { type Range, WINDOWS } from "@/imaging/viewer/windows";

const PREFIX = "cornerstoneStreamingImageVolume:";

export const volumeIdOf = (series: string): string => PREFIX + series;
export const seriesOf = (volumeId: string): string => volumeId.slice(PREFIX.length);

interface Meaning {
  /** "SUV", "HU", or nothing where the numbers are only the scanner's own. */
  word: string;
  digits: number;
}

const meanings = new Map<string, Meaning>();
const RAW: Meaning = { word: "Value", digits: 1 };

export const meaningOf = (volumeId: string): Meaning => meanings.get(volumeId) ?? RAW;
export const isActivity = (volumeId: string): boolean =>
  meaningOf(volumeId).word === SUV.word || meaningOf(volumeId).word === BECQUEREL.word;

export const SUV: Meaning = { word: "SUV", digits: 2 };
const BECQUEREL: Meaning = { word: "Bq/mL", digits: 0 };
const HOUNSFIELD: Meaning = { word: "HU", digits: 0 };

/** Cornerstone asks for headers by image: here they are. */
export function know(stack: Stack): void {
  for (const { imageId, header } of stack.slices)
    wadors.metaDataManager.add(imageId, header as Parameters<typeof wadors.metaDataManager.add>[1]);
}

export async function volumeOf(stack: Stack): Promise<Types.IImageVolume> {
  const id = volumeIdOf(stack.series);
  const known = cache.getVolume(id);
  if (known) return known;
  know(stack);
  const volume = await volumeLoader.createAndCacheVolume(id, { imageIds: stack.slices.map(({ imageId }) => imageId) });
  meanings.set(id, meaningIn(stack));
  return volume as Types.IImageVolume;
}

function meaningIn({ modality, slices }: Stack): Meaning {
  const first = slices[0];
  if (modality === "CT") return HOUNSFIELD;
  if (modality !== "PT" || !first) return RAW;
  if (factorOf(first.imageId) !== undefined) return SUV;
  return first.header["00541001"]?.Value?.[0] === "BQML" ? BECQUEREL : RAW;
}

/** Fetch what is not here yet, the middle of every volume first: that is where the first look falls. */
export function load(volumes: readonly Types.IImageVolume[]): void {
  const waiting = volumes.flatMap((volume) => {
    const streaming = volume as unknown as Streaming;
    if (streaming.loadStatus.loaded || streaming.loadStatus.loading) return [];
    streaming.loadStatus.loading = true;
    streaming.autoRenderOnLoad = false;
    const middle = (volume.imageIds.length - 1) / 2;
    return streaming.getImageLoadRequests(PRIORITY).map((request) => ({
      request,
      away: Math.abs(request.imageIdIndex - middle) / volume.imageIds.length,
    }));
  });
  for (const { request } of waiting.sort((one, other) => one.away - other.away)) {
    const { imageId, imageIdIndex, options } = request;
    imageLoadPoolManager.addRequest(
      async () => request.callLoadImage(imageId, imageIdIndex, options),
      request.requestType,
      { ...request.additionalDetails, imageId },
      PRIORITY,
    );
  }
}

/** Of everything that is fetched for a volume the same: what is asked first comes first. */
const PRIORITY = 5;

interface Streaming {
  /** Off: it would draw every view anew for every fiftieth of the volume, which keeps a slow computer from loading. */
  autoRenderOnLoad: boolean;
  loadStatus: { loaded: boolean; loading: boolean };
  getImageLoadRequests: (priority: number) => Request[];
}

interface Request {
  callLoadImage: (imageId: string, index: number, options: unknown) => Promise<void>;
  imageId: string;
  imageIdIndex: number;
  options: unknown;
  requestType: Parameters<typeof imageLoadPoolManager.addRequest>[1];
  additionalDetails: object;
}

/** Whether the slice a number would be read from is here. */
export const isHere = (volume: Types.IImageVolume, k: number): boolean => cache.isLoaded(volume.imageIds[k] ?? "");

/** For CT soft tissue; for others what the scanner proposes for the middle of its images, if anything. */
export function windowOf({ anatomy, anatomySeries }: Images): Range | undefined {
  if (!anatomy || anatomySeries?.modality === "CT") return WINDOWS[0];
  return proposed.get(anatomy) ?? propose(anatomy);
}

/** The same object each time: a new one would draw everything anew. */
const proposed = new WeakMap<Types.IImageVolume, Range>();

function propose(volume: Types.IImageVolume): Range | undefined {
  const imageId = volume.imageIds[volume.imageIds.length >> 1] ?? "";
  const { windowCenter, windowWidth } = (metaData.get("voiLutModule", imageId) ?? {}) as {
    windowCenter?: number[];
    windowWidth?: number[];
  };
  const [centre] = windowCenter ?? [];
  const [width] = windowWidth ?? [];
  if (centre === undefined || width === undefined) return undefined;
  const range = { lower: centre - width / 2, upper: centre + width / 2 };
  proposed.set(volume, range);
  return range;
}
