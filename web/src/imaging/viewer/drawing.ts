/** What a view draws, how strongly, and at which depth. */

import { CONSTANTS, Enums, type RenderingEngine, type Types } from "@cornerstonejs/core";
import { useEffect, useRef, useState } from "react";
import type { Position } from "@/imaging/types";
import { VIOLET, veil } from "@/imaging/viewer/colours";
import { along, dot, minus } from "@/imaging/viewer/geometry";
import type { Range } from "@/imaging/viewer/windows";

export interface Shown {
  anatomy: Types.IImageVolume | undefined;
  activity: Types.IImageVolume | undefined;
  /** Undefined: as the viewer chooses by itself. */
  window: Range | undefined;
  /** Upper end of the scale of activity, in what the volume was loaded in. */
  top: number;
  /** How strongly activity covers anatomy, 0 to 1. */
  strength: number;
}

/** Closer than this is the same plane. */
const SAME_MM = 0.01;
/** The volumes in it, and how they are drawn. True once they are in. */
export function useVolumes(viewport: Types.IVolumeViewport | undefined, shown: Shown): boolean {
  const { anatomy, activity, window, top, strength } = shown;
  const [ready, setReady] = useState("");
  const wanted = [anatomy?.volumeId, activity?.volumeId].join();
  useEffect(() => {
    if (!viewport || wanted === ",") return;
    let current = true;
    void viewport.setVolumes([anatomy, activity].flatMap((each) => (each ? [{ volumeId: each.volumeId }] : []))).then(() => {
      if (current) setReady(wanted);
    });
    return () => {
      current = false;
    };
  }, [viewport, wanted, anatomy, activity]);
  const isReady = viewport !== undefined && ready === wanted && wanted !== ",";
  useEffect(() => {
    if (!isReady) return;
    if (anatomy && window) viewport.setProperties({ voiRange: window }, anatomy.volumeId);
    if (activity && anatomy) {
      opaqueAsAsked(viewport, activity.volumeId);
      viewport.setProperties(
        { voiRange: { lower: 0, upper: top }, colormap: { name: VIOLET.Name, opacity: veil(top, strength) } },
        activity.volumeId,
      );
    }
    // Alone, activity is drawn as on paper: more is darker.
    if (activity && !anatomy) viewport.setProperties({ voiRange: { lower: 0, upper: top }, invert: true }, activity.volumeId);
    viewport.render();
  }, [isReady, viewport, anatomy, activity, window, top, strength]);
  return isReady;
}

/**
 * Cornerstone draws a slice as a very thin slab and thins its opacity by as much, as if it were smoke. Counted in steps as thick as the
 * slab, one step goes through it and covers as much as was asked.
 */
function opaqueAsAsked(viewport: Types.IVolumeViewport, volumeId: string): void {
  const actor = viewport.getImageActor(volumeId) as Smoke | null;
  const slab = CONSTANTS.RENDERING_DEFAULTS.MINIMUM_SLAB_THICKNESS;
  actor?.getProperty().setScalarOpacityUnitDistance(0, slab);
  actor?.getMapper().setSampleDistance(slab);
  // As many steps as would lead through a whole body; a slab takes one.
  actor?.getMapper().setMaximumSamplesPerRay(100_000);
}

interface Smoke {
  getProperty: () => { setScalarOpacityUnitDistance: (index: number, mm: number) => void };
  getMapper: () => { setSampleDistance: (mm: number) => void; setMaximumSamplesPerRay: (steps: number) => void };
}

/** The view goes to the point in focus. */
export function useDepth(viewport: Types.IVolumeViewport | undefined, ready: boolean, focus: Position): void {
  const latest = useRef(focus);
  latest.current = focus;
  useEffect(() => {
    if (viewport && ready) deepen(viewport, focus);
  }, [viewport, ready, focus]);
  useEffect(() => {
    if (!viewport || !ready) return;
    // Contours that come in set the view back to the middle.
    const keep = () => deepen(viewport, latest.current);
    const { element } = viewport;
    element.addEventListener(Enums.Events.CAMERA_MODIFIED, keep);
    return () => element.removeEventListener(Enums.Events.CAMERA_MODIFIED, keep);
  }, [viewport, ready]);
}

function deepen(viewport: Types.IVolumeViewport, focus: Position): void {
  const { focalPoint, position, viewPlaneNormal } = viewport.getCamera() as Required<Types.ICamera>;
  const away = dot(minus(focus, focalPoint), viewPlaneNormal);
  if (Math.abs(away) < SAME_MM) return;
  viewport.setCamera({ focalPoint: along(focalPoint, viewPlaneNormal, away), position: along(position, viewPlaneNormal, away) });
  viewport.render();
}

/** Keeps the pictures in the proportions of the patient when their place changes its size. Returns how to stop. */
export function fitting(element: Element, rendering: RenderingEngine): () => void {
  let due = 0;
  const observer = new ResizeObserver(() => {
    due ||= requestAnimationFrame(() => {
      due = 0;
      rendering.resize(true, true);
    });
  });
  observer.observe(element);
  return () => {
    observer.disconnect();
    cancelAnimationFrame(due);
  };
}
