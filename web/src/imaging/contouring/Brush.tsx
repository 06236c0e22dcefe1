/** The rim of the brush, at the pointer; where there is none, at the marker. */

import type { Types } from "@cornerstonejs/core";
import own from "@/imaging/contouring/Contouring.module.css";
import type { Position } from "@/imaging/types";
import { along } from "@/imaging/viewer/geometry";
import styles from "@/imaging/viewer/Viewer.module.css";

interface Props {
  viewport: Types.IVolumeViewport;
  at: Position;
  /** In mm. */
  radius: number;
  isErasing: boolean;
}

export function Brush({ viewport, at, radius, isErasing }: Props) {
  const { viewUp } = viewport.getCamera() as Required<Types.ICamera>;
  const { width, height } = viewport.getCanvas().getBoundingClientRect();
  const [x, y] = viewport.worldToCanvas(at);
  const [ex, ey] = viewport.worldToCanvas(along(at, viewUp as Position, radius));
  return (
    <svg className={styles.marks} width={width} height={height} aria-hidden="true">
      <circle className={own.brush} data-erasing={isErasing || undefined} cx={x} cy={y} r={Math.hypot(ex - x, ey - y)} />
    </svg>
  );
}
