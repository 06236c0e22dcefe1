/** What a hand does on a view with no tool in it: point, turn through the slices, darken and widen. */

import type { Types } from "@cornerstonejs/core";
import { type FocusEvent as ReactFocusEvent, type PointerEvent as ReactPointerEvent, useCallback, useEffect, useRef } from "react";
import type { Position } from "@/imaging/types";
import type { Stroke } from "@/imaging/contouring/strokes";
import { along, dot } from "@/imaging/viewer/geometry";
import { valueAt } from "@/imaging/viewer/sphere";

export interface Hands {
  onFocus: (point: Position) => void;
  /** Where the pointer is in the patient; undefined when it has left. */
  onHover?: ((point: Position | undefined) => void) | undefined;
  /** The pointer was drawn over the picture, by so many pixels; undefined while a tool is in the hand. */
  onDrag?: ((right: number, down: number) => void) | undefined;
  /** The pointer is drawing: from where it was to where it is. */
  onStroke?: ((stroke: Stroke, begins: boolean) => void) | undefined;
  /** It was lifted; or what it began is something else: two fingers zoom. */
  onLift?: ((cancelled: boolean) => void) | undefined;
}

/** A press that moves less is a press on a point. */
const STILL_PX = 4;
/** A finger that has moved so far up or down has turned to the next slice. */
const TURN_PX = 6;

/** The wheel turns through the slices of this view, down is away from whoever looks: the point in focus moves along its normal, by one slice of what is shown. */
export function useTurning(
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

/** What lies no further from this view's plane is in the slice that it shows. */
export const halfSlice = (viewport: Types.IVolumeViewport, volume: Types.IImageVolume | undefined): number =>
  volume ? spacingAlong(volume, viewport.getCamera().viewPlaneNormal as Position) / 2 : 0;

/** How far one slice is from the next in this direction. */
function spacingAlong({ direction, spacing }: Types.IImageVolume, way: Position): number {
  const share = (axis: number) =>
    Math.abs(dot(way, [Number(direction[axis * 3]), Number(direction[axis * 3 + 1]), Number(direction[axis * 3 + 2])]));
  return spacing.reduce((sum, each, axis) => sum + each * share(axis), 0);
}

/** Pointing, and drawing over the picture with no tool in hand. */
export function usePointer(
  viewport: Types.IVolumeViewport | undefined,
  { onFocus, onHover, onDrag, onStroke, onLift }: Hands,
  turn: (by: number) => void,
) {
  const from = useRef<{ x: number; y: number; moved: boolean } | undefined>(undefined);
  const drawn = useRef<Position>(undefined);
  const fingers = useRef(new Set<number>());
  const point = (event: ReactPointerEvent): Position | undefined => {
    const box = event.currentTarget.getBoundingClientRect();
    return viewport?.canvasToWorld([event.clientX - box.left, event.clientY - box.top]) as Position | undefined;
  };
  const lift = (cancelled = false) => {
    if (drawn.current) onLift?.(cancelled);
    drawn.current = undefined;
  };
  const lifted = (event: ReactPointerEvent) => {
    fingers.current.delete(event.pointerId);
    from.current = undefined;
    lift();
  };
  const stroke = (to: Position | undefined) => {
    if (!to || !viewport) return;
    const begins = drawn.current === undefined;
    onStroke?.({ from: drawn.current ?? to, to, normal: viewport.getCamera().viewPlaneNormal as Position }, begins);
    drawn.current = to;
  };
  return {
    // Cornerstone takes the focus at a press and then swallows the keys of the page.
    onFocus: (event: ReactFocusEvent<HTMLElement>) => event.currentTarget.blur(),
    onPointerDown: (event: ReactPointerEvent) => {
      fingers.current.add(event.pointerId);
      // Two fingers zoom.
      if (fingers.current.size > 1) lift(true);
      else if (onStroke && event.button === 0) {
        event.currentTarget.setPointerCapture(event.pointerId);
        stroke(point(event));
      }
      from.current =
        event.button === 0 && onDrag && fingers.current.size === 1 ? { x: event.clientX, y: event.clientY, moved: false } : undefined;
    },
    onPointerMove: (event: ReactPointerEvent) => {
      onHover?.(point(event));
      if (drawn.current) return stroke(point(event));
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
