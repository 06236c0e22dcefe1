/** Lesions on a picture: a ring where each lies, its key beside it; and the lines through the point in focus. */

import type { Types } from "@cornerstonejs/core";
import type { Position } from "@/imaging/types";
import { along, cross, dot, minus } from "@/imaging/viewer/geometry";
import styles from "@/imaging/viewer/Viewer.module.css";

export interface Mark {
  key: string;
  at: Position;
  radius: number;
  selected: boolean;
  /** Said beside it while it is selected. */
  says: readonly string[];
}

interface Props {
  viewport: Types.IVolumeViewport;
  focus: Position;
  marks: readonly Mark[];
  /** Undefined: a hand that draws must reach what lies under them. */
  onMark: ((key: string) => void) | undefined;
  crossed: boolean;
}

/** A ring is never smaller than a finger can see, nor hides what it shows. */
const LEAST_PX = 12;
const ROOM_PX = 8;

export function Marks({ viewport, focus, marks, onMark, crossed }: Props) {
  const { viewUp, viewPlaneNormal, focalPoint } = viewport.getCamera() as Required<Types.ICamera>;
  const { width, height } = viewport.getCanvas().getBoundingClientRect();
  const place = (point: Position): [number, number] => viewport.worldToCanvas(point) as [number, number];
  const [x, y] = place(focus);
  const right = cross(viewUp as Position, viewPlaneNormal as Position);
  return (
    <svg className={styles.marks} width={width} height={height} aria-hidden="true">
      {crossed && (
        <g className={styles.cross}>
          <path d={`M0 ${y}H${x - 14}M${x + 14} ${y}H${width}M${x} 0V${y - 14}M${x} ${y + 14}V${height}`} />
        </g>
      )}
      {marks.map(({ key, at, radius, selected, says }) => {
        const off = Math.abs(dot(minus(at, focalPoint as Position), viewPlaneNormal as Position));
        if (off > Math.max(radius, 1)) return null;
        const [cx, cy] = place(at);
        const [ex, ey] = place(along(at, right, radius));
        const r = Math.max(LEAST_PX, Math.hypot(ex - cx, ey - cy) + ROOM_PX);
        return (
          <g
            key={key}
            className={styles.mark}
            data-selected={selected || undefined}
            data-open={onMark !== undefined || undefined}
            onClick={() => onMark?.(key)}
          >
            <circle cx={cx} cy={cy} r={r} />
            {selected && says.length > 0 ? (
              <>
                <path d={`M${cx - r * 0.7} ${cy - r * 0.7}L${cx - r - 12} ${cy - r - 24}`} />
                {says.map((line, index) => (
                  <text key={line} x={cx - r - 12} y={cy - r - 32 - 16 * (says.length - 1 - index)} data-first={index === 0 || undefined}>
                    {line}
                  </text>
                ))}
              </>
            ) : (
              <text x={cx + r + 4} y={cy + 4}>
                {key}
              </text>
            )}
          </g>
        );
      })}
    </svg>
  );
}
