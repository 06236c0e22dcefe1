/** One view through the volumes: anatomy, activity over it, contours, marks, and where in the patient it is. */

import { CONSTANTS, Enums, type RenderingEngine, type Types } from "@cornerstonejs/core";
import { ToolGroupManager } from "@cornerstonejs/tools";
import { type PointerEvent as ReactPointerEvent, useCallback, useEffect, useReducer, useRef, useState } from "react";
import type { Position } from "@/imaging/types";
import { VIOLET, veil } from "@/imaging/viewer/colours";
import { drawContours } from "@/imaging/viewer/contours";
import { along, cross, dot, minus, sideOf } from "@/imaging/viewer/geometry";
import { type Mark, Marks } from "@/imaging/viewer/Marks";
import { valueAt } from "@/imaging/viewer/sphere";
import { GROUP } from "@/imaging/viewer/tools";
import styles from "@/imaging/viewer/Viewer.module.css";
import type { Range } from "@/imaging/viewer/windows";

export type Plane = "axial" | "coronal" | "sagittal";

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

interface Props extends Shown {
  rendering: RenderingEngine;
  id: string;
  plane: Plane;
  /** What it shows, for people who cannot see it and as its heading. */
  title: string;
  focus: Position;
  onFocus: (point: Position) => void;
  /** Where the pointer is in the patient; undefined when it has left. */
  onHover?: ((point: Position | undefined) => void) | undefined;
  /** The pointer was drawn over the picture with no tool in hand, by so many pixels. */
  onDrag?: ((right: number, down: number) => void) | undefined;
  marks: readonly Mark[];
  onMark: (key: string) => void;
  /** Ids of what is outlined in it. */
  contours: readonly string[];
  /** Thin lines through the point in focus. */
  crossed?: boolean;
  note?: string;
}

const ORIENTATION: Record<Plane, Enums.OrientationAxis> = {
  axial: Enums.OrientationAxis.AXIAL,
  coronal: Enums.OrientationAxis.CORONAL,
  sagittal: Enums.OrientationAxis.SAGITTAL,
};
/** Closer than this is the same plane. */
const SAME_MM = 0.01;
/** A press that moves less is a press on a point. */
const STILL_PX = 4;
/** A finger that has moved so far up or down has turned to the next slice. */
const TURN_PX = 6;

export function Pane(props: Props) {
  const { rendering, id, plane, title, focus, marks, onMark, crossed = false, note } = props;
  const element = useRef<HTMLDivElement>(null);
  const [viewport, setViewport] = useState<Types.IVolumeViewport>();
  const [, drawn] = useReducer((count: number) => count + 1, 0);
  useViewport(rendering, id, plane, element, setViewport, drawn);
  const ready = useVolumes(viewport, props);
  useDepth(viewport, ready, focus);
  const turn = useTurning(viewport, props.anatomy ?? props.activity, focus, props.onFocus);
  const outlined = props.contours.join();
  useEffect(() => {
    if (ready) drawContours(id, outlined === "" ? [] : outlined.split(","));
  }, [id, ready, outlined]);
  const hand = usePointer(viewport, props, turn);
  const ways = ready && viewport ? sides(viewport) : undefined;
  return (
    <figure className={styles.pane} aria-label={title}>
      <div
        ref={element}
        className={styles.canvas}
        data-viewport={id}
        data-ready={ready || undefined}
        {...hand}
        onContextMenu={(event) => event.preventDefault()}
      />
      {ready && viewport && <Marks viewport={viewport} focus={focus} marks={marks} onMark={onMark} crossed={crossed} />}
      <figcaption className={styles.caption}>
        <b>{title}</b> {note}
      </figcaption>
      {ways && (
        <>
          <span className={styles.left} aria-hidden="true">
            {ways.left}
          </span>
          <span className={styles.right} aria-hidden="true">
            {ways.right}
          </span>
        </>
      )}
    </figure>
  );
}

/** Put a view into the element for as long as both are there. */
function useViewport(
  rendering: RenderingEngine,
  id: string,
  plane: Plane,
  place: React.RefObject<HTMLDivElement | null>,
  made: (viewport: Types.IVolumeViewport | undefined) => void,
  drawn: () => void,
): void {
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    rendering.enableElement({
      viewportId: id,
      element,
      type: Enums.ViewportType.ORTHOGRAPHIC,
      defaultOptions: { orientation: ORIENTATION[plane], background: [0, 0, 0] },
    });
    ToolGroupManager.getToolGroup(GROUP)?.addViewport(id, rendering.id);
    element.addEventListener(Enums.Events.IMAGE_RENDERED, drawn);
    made(rendering.getViewport(id) as Types.IVolumeViewport);
    const stop = fitting(element, rendering);
    return () => {
      stop();
      element.removeEventListener(Enums.Events.IMAGE_RENDERED, drawn);
      ToolGroupManager.getToolGroup(GROUP)?.removeViewports(rendering.id, id);
      rendering.disableElement(id);
      made(undefined);
    };
  }, [rendering, id, plane, place, made, drawn]);
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

/** The volumes in it, and how they are drawn. True once they are in. */
function useVolumes(viewport: Types.IVolumeViewport | undefined, shown: Shown): boolean {
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
function useDepth(viewport: Types.IVolumeViewport | undefined, ready: boolean, focus: Position): void {
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

/** The wheel turns through the slices of this view, down is away from whoever looks: the point in focus moves along its normal, by one slice of what is shown. */
function useTurning(
  viewport: Types.IVolumeViewport | undefined,
  volume: Types.IImageVolume | undefined,
  focus: Position,
  onFocus: (point: Position) => void,
) {
  const latest = useRef({ focus, onFocus });
  latest.current = { focus, onFocus };
  const turn = useCallback(
    (by: number) => {
      if (!viewport || !volume) return;
      const normal = (viewport.getCamera() as Required<Types.ICamera>).viewPlaneNormal;
      const { focus: from, onFocus: go } = latest.current;
      const to = along(from, normal, by * spacingAlong(volume, normal));
      if (valueAt(volume, to)) go(to);
    },
    [viewport, volume],
  );
  useEffect(() => {
    const element = viewport?.element;
    const wheel = (event: WheelEvent) => {
      event.preventDefault();
      turn(Math.sign(event.deltaY));
    };
    element?.addEventListener("wheel", wheel, { passive: false });
    return () => element?.removeEventListener("wheel", wheel);
  }, [viewport, turn]);
  return turn;
}

/** How far one slice is from the next in this direction. */
function spacingAlong({ direction, spacing }: Types.IImageVolume, way: Position): number {
  const share = (axis: number) =>
    Math.abs(dot(way, [Number(direction[axis * 3]), Number(direction[axis * 3 + 1]), Number(direction[axis * 3 + 2])]));
  return spacing.reduce((sum, each, axis) => sum + each * share(axis), 0);
}

/** Pointing, and drawing over the picture with no tool in hand. */
function usePointer(viewport: Types.IVolumeViewport | undefined, { onFocus, onHover, onDrag }: Props, turn: (by: number) => void) {
  const from = useRef<{ x: number; y: number; moved: boolean } | undefined>(undefined);
  const fingers = useRef(new Set<number>());
  const point = (event: ReactPointerEvent): Position | undefined => {
    const box = event.currentTarget.getBoundingClientRect();
    return viewport?.canvasToWorld([event.clientX - box.left, event.clientY - box.top]) as Position | undefined;
  };
  const lifted = (event: ReactPointerEvent) => {
    fingers.current.delete(event.pointerId);
    from.current = undefined;
  };
  return {
    onPointerDown: (event: ReactPointerEvent) => {
      fingers.current.add(event.pointerId);
      // Two fingers zoom.
      from.current =
        event.button === 0 && onDrag && fingers.current.size === 1 ? { x: event.clientX, y: event.clientY, moved: false } : undefined;
    },
    onPointerMove: (event: ReactPointerEvent) => {
      onHover?.(point(event));
      const start = from.current;
      if (!start) return;
      const [right, down] = [event.clientX - start.x, event.clientY - start.y];
      const touched = event.pointerType === "touch";
      if (touched ? Math.abs(down) < TURN_PX : !start.moved && Math.hypot(right, down) < STILL_PX) return;
      from.current = { x: event.clientX, y: event.clientY, moved: true };
      if (touched) turn(Math.trunc(down / TURN_PX));
      else onDrag?.(right, down);
    },
    onPointerUp: (event: ReactPointerEvent) => {
      const start = from.current;
      lifted(event);
      const there = point(event);
      if (start && !start.moved && there && Math.hypot(event.clientX - start.x, event.clientY - start.y) < STILL_PX) onFocus(there);
    },
    onPointerCancel: lifted,
    onPointerLeave: (event: ReactPointerEvent) => {
      lifted(event);
      onHover?.(undefined);
    },
  };
}

function sides(viewport: Types.IVolumeViewport): { left: string; right: string } {
  const { viewUp, viewPlaneNormal } = viewport.getCamera() as Required<Types.ICamera>;
  const right = cross(viewUp as Position, viewPlaneNormal as Position);
  return { right: sideOf(right), left: sideOf([-right[0], -right[1], -right[2]]) };
}
