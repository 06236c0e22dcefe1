/**
 * Cornerstone3D, started once: how it fetches (as the person signed in), what a PET voxel means to it (the server's factor), and its tools.
 *
 * One rendering engine serves the whole page: a browser allows about sixteen WebGL contexts, and each engine takes some.
 */

import {
  cache,
  Enums,
  imageLoader,
  imageLoadPoolManager,
  init,
  metaData,
  RenderingEngine,
  type Types,
  utilities,
} from "@cornerstonejs/core";
import { createImage, init as startLoader, wadors } from "@cornerstonejs/dicom-image-loader";
import { problemIn } from "@/api/problem";
import { session } from "@/api/session";
import { VIOLET } from "@/imaging/viewer/colours";
import { SCHEME } from "@/imaging/viewer/dicomweb";
import { frameIn } from "@/imaging/viewer/multipart";
import { scalingModule } from "@/imaging/viewer/scaling";
import { startTools } from "@/imaging/viewer/tools";

const ACCEPT = 'multipart/related; type="application/octet-stream"; transfer-syntax=*';
/** A browser opens six connections to one server; more requests would only wait in it. */
const AT_ONCE = 6;
/** Each context keeps its own copy of every volume and of every shader: one serves all views. */
const CONTEXTS = 1;
/** Before every provider of Cornerstone's own. */
const FIRST = 100_000;

let started = false;

/** Safe to call again. */
export function startEngine(): void {
  if (started) return;
  started = true;
  init({ debug: {}, rendering: { webGlContextCount: CONTEXTS } });
  startLoader({});
  metaData.addProvider(scalingModule, FIRST);
  imageLoader.registerImageLoader(SCHEME, loadFrame);
  imageLoadPoolManager.setMaxSimultaneousRequests(Enums.RequestType.Prefetch, AT_ONCE);
  utilities.colormap.registerColormap(VIOLET);
  startTools();
}

export function newRendering(id: string): RenderingEngine {
  startEngine();
  return new RenderingEngine(id);
}

/** What one page has shown does not stay for the next. */
export function forgetImages(): void {
  cache.purgeCache();
  wadors.metaDataManager.purge();
}

function loadFrame(imageId: string, options?: Record<string, unknown>): Types.IImageLoadObject {
  return { promise: frame(imageId, options) };
}

async function frame(imageId: string, options: Record<string, unknown> = {}): Promise<Types.IImage> {
  const response = await session.fetch(imageId.slice(SCHEME.length + 1), { headers: { Accept: ACCEPT } });
  if (!response.ok) throw await problemIn(response);
  const { bytes, transferSyntax } = frameIn(response.headers.get("Content-Type") ?? "", new Uint8Array(await response.arrayBuffer()));
  const image = (await createImage(imageId, bytes as never, transferSyntax, options)) as Types.IImage;
  image.imageQualityStatus = Enums.ImageQualityStatus.FULL_RESOLUTION;
  return image;
}
