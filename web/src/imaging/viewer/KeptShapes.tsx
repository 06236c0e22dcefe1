/** Measurements by hand that stand with the study, where this view cuts them, each with its first value. */

import type { Types } from "@cornerstonejs/core";
import own from "@/imaging/contouring/Contouring.module.css";
import { shownValue } from "@/imaging/contouring/words";
import type { Kept } from "@/imaging/contouring/types";
import type { Position } from "@/imaging/types";
import { cut } from "@/imaging/viewer/shapes";
import styles from "@/imaging/viewer/Viewer.module.css";

interface Props {
  viewport: Types.IVolumeViewport;
  kept: readonly Kept[];
  chosen: string | undefined;
  /** Half the distance of one slice to the next, in mm. */
  half: number;
}

export function KeptShapes({ viewport, kept, chosen, half }: Props) {
  const { viewPlaneNormal, focalPoint } = viewport.getCamera() as Required<Types.ICamera>;
  const { width, height } = viewport.getCanvas().getBoundingClientRect();
  const plane = { point: focalPoint as Position, normal: viewPlaneNormal as Position, half };
  return (
    <svg className={styles.marks} width={width} height={height} aria-hidden="true">
      {kept.map((each) => {
        const { line, closed } = cut(each, plane);
        const corners = line.map((point) => viewport.worldToCanvas(point));
        const last = corners.reduce<readonly number[]>((right, corner) => (corner[0] > (right[0] ?? 0) ? corner : right), [0, 0]);
        if (corners.length === 0) return null;
        return (
          <g key={each.id} className={own.shape} data-selected={each.id === chosen || undefined}>
            <path d={`M${corners.map(([x, y]) => `${x} ${y}`).join("L")}${closed ? "Z" : ""}`} />
            <text x={(last[0] ?? 0) + 6} y={(last[1] ?? 0) + 4}>
              {each.id} {shownValue(each.values[0])}
            </text>
          </g>
        );
      })}
    </svg>
  );
}
