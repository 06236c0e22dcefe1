/** One view through the volumes: anatomy, activity over it, contours, marks, and where in the patient it is. */

import { Enums, type RenderingEngine, type Types } from "@cornerstonejs/core";
import { ToolGroupManager } from "@cornerstonejs/tools";
import { useEffect, useReducer, useRef, useState } from "react";
import { Brush } from "@/imaging/contouring/Brush";
import type { Kept } from "@/imaging/contouring/types";
import type { Position } from "@/imaging/types";
import { drawContours } from "@/imaging/viewer/contours";
import { fitting, type Shown, useDepth, useVolumes } from "@/imaging/viewer/drawing";
import { cross, sideOf } from "@/imaging/viewer/geometry";
import { type Mark, Marks } from "@/imaging/viewer/Marks";
import { KeptShapes } from "@/imaging/viewer/KeptShapes";
import { type Hands, halfSlice, usePointer, useTurning } from "@/imaging/viewer/pointer";
import { GROUP } from "@/imaging/viewer/tools";
import styles from "@/imaging/viewer/Viewer.module.css";

export type Plane = "axial" | "coronal" | "sagittal";

interface Props extends Shown, Hands {
  rendering: RenderingEngine;
  id: string;
  plane: Plane;
  /** What it shows, for people who cannot see it and as its heading. */
  title: string;
  focus: Position;
  marks: readonly Mark[];
  onMark: (key: string) => void;
  /** Ids of what is outlined in it. */
  contours: readonly string[];
  /** Thin lines through the point in focus. */
  crossed?: boolean;
  note?: string;
  kept: readonly Kept[];
  chosen: string | undefined;
  /** What is in the hand while somebody draws. */
  brush?: { radius: number; isErasing: boolean } | undefined;
}

const ORIENTATION: Record<Plane, Enums.OrientationAxis> = {
  axial: Enums.OrientationAxis.AXIAL,
  coronal: Enums.OrientationAxis.CORONAL,
  sagittal: Enums.OrientationAxis.SAGITTAL,
};
export function Pane(props: Props) {
  const { rendering, id, plane, title, focus, marks, onMark, crossed = false, note, brush, onHover } = props;
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
  const [hovered, setHovered] = useState<Position>();
  const hover = (point: Position | undefined) => {
    if (brush || !point) setHovered(point);
    onHover?.(point);
  };
  const hand = usePointer(viewport, { ...props, onHover: hover }, turn);
  const ways = ready && viewport ? sides(viewport) : undefined;
  return (
    <figure className={styles.pane} aria-label={title}>
      <div
        ref={element}
        className={styles.canvas}
        data-viewport={id}
        data-ready={ready || undefined}
        data-drawing={brush !== undefined || undefined}
        {...hand}
        onContextMenu={(event) => event.preventDefault()}
      />
      {ready && viewport && <Marks viewport={viewport} focus={focus} marks={marks} onMark={brush ? undefined : onMark} crossed={crossed} />}
      {ready && viewport && props.kept.length > 0 && (
        <KeptShapes
          viewport={viewport}
          kept={props.kept}
          chosen={props.chosen}
          half={halfSlice(viewport, props.anatomy ?? props.activity)}
        />
      )}
      {ready && viewport && brush && <Brush viewport={viewport} at={hovered ?? focus} {...brush} />}
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

function sides(viewport: Types.IVolumeViewport): { left: string; right: string } {
  const { viewUp, viewPlaneNormal } = viewport.getCamera() as Required<Types.ICamera>;
  const right = cross(viewUp as Position, viewPlaneNormal as Position);
  return { right: sideOf(right), left: sideOf([-right[0], -right[1], -right[2]]) };
}
