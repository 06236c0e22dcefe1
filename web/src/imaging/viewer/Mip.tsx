/** The whole body at one glance: activity from the front, its lesions, and the height of the slice beside it. A press goes there. */

import { cache, Enums, eventTarget, type Types } from "@cornerstonejs/core";
import { type MouseEvent as ReactMouseEvent, useEffect, useReducer, useRef } from "react";
import type { Position } from "@/imaging/types";
import type { Mark } from "@/imaging/viewer/Marks";
import { emptyProjection, paint, project, type Projection } from "@/imaging/viewer/mip";
import { indexOf, pointAt } from "@/imaging/viewer/sphere";
import styles from "@/imaging/viewer/Mip.module.css";

interface Props {
  volume: Types.IImageVolume;
  title: string;
  when: string;
  top: number;
  focus: Position | undefined;
  onFocus: (point: Position) => void;
  marks: readonly Mark[];
  onMark: (key: string) => void;
}

/** A slice that leans by more is no axial slice: then this is not the patient from the front. */
const AXIAL = 0.98;
/** A view from the front shows a body, not its margins: the ring around a lesion is drawn at least so large, in mm. */
const RING_MM = 12;
const HIGH_PX = 560;

export const isAxial = ({ direction }: Types.IImageVolume): boolean =>
  Math.abs(Number(direction[0])) > AXIAL && Math.abs(Number(direction[4])) > AXIAL && Math.abs(Number(direction[8])) > AXIAL;

export function Mip({ volume, title, when, top, focus, onFocus, marks, onMark }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const projection = useProjection(volume);
  const [width, height] = [volume.dimensions[0], volume.dimensions[2]];
  const [wide, high] = [width * volume.spacing[0], height * volume.spacing[2]];
  const mirrored = Number(volume.direction[0]) < 0;
  const upsideDown = Number(volume.direction[8]) < 0;
  useEffect(() => {
    canvas.current
      ?.getContext("2d")
      ?.putImageData(new ImageData(paint(projection.current, top, mirrored, upsideDown), width, height), 0, 0);
  });
  /** In millimetres from the upper left corner of the picture. */
  const place = (point: Position): [number, number] => {
    const [i, , k] = indexOf(volume, point);
    const [x, y] = [(i + 0.5) * volume.spacing[0], (k + 0.5) * volume.spacing[2]];
    return [mirrored ? wide - x : x, upsideDown ? y : high - y];
  };
  const pressed = (event: ReactMouseEvent<SVGSVGElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * width;
    const y = ((event.clientY - box.top) / box.height) * height;
    const i = Math.floor(mirrored ? width - x : x);
    const k = Math.floor(upsideDown ? y : height - y);
    onFocus(pointAt(volume, [i, hottest(volume, i, k), k]));
  };
  return (
    <figure className={styles.mip} aria-label={`${title}, whole body`}>
      <div className={styles.paper} style={{ aspectRatio: `${wide} / ${high}`, width: `min(100%, ${(HIGH_PX * wide) / high}px)` }}>
        <canvas ref={canvas} width={width} height={height} />
        <svg viewBox={`0 0 ${wide} ${high}`} aria-hidden="true" onClick={pressed}>
          {focus && <path className={styles.height} d={`M0 ${place(focus)[1]}H${wide}`} />}
          {marks.map((mark) => {
            const [x, y] = place(mark.at);
            const r = Math.max(RING_MM, mark.radius + 4);
            return (
              <g
                key={mark.key}
                className={styles.paperMark}
                data-selected={mark.selected || undefined}
                onClick={(event) => {
                  event.stopPropagation();
                  onMark(mark.key);
                }}
              >
                <circle cx={x} cy={y} r={r} />
                <text x={x < wide / 2 ? x - r - 6 : x + r + 6} y={y + 7} textAnchor={x < wide / 2 ? "end" : "start"}>
                  {mark.key}
                </text>
              </g>
            );
          })}
        </svg>
      </div>
      <figcaption>
        <b>{title}</b>
        <span>{when}</span>
      </figcaption>
      <span className={styles.left} aria-hidden="true">
        R
      </span>
      <span className={styles.right} aria-hidden="true">
        L
      </span>
    </figure>
  );
}

/** Grows slice by slice as they come in. */
function useProjection(volume: Types.IImageVolume): { current: Projection } {
  const [, grown] = useReducer((count: number) => count + 1, 0);
  const projection = useRef<Projection>(emptyProjection(0, 0));
  const owner = useRef<Types.IImageVolume>(undefined);
  if (owner.current !== volume) {
    owner.current = volume;
    projection.current = emptyProjection(volume.dimensions[0], volume.dimensions[2]);
  }
  useEffect(() => {
    const waiting = new Set(volume.imageIds.map((_, slice) => slice));
    let frame = 0;
    const take = () => {
      frame = 0;
      for (const slice of waiting) {
        const image = cache.getImage(volume.imageIds[slice] ?? "");
        if (!image) continue;
        project(projection.current, slice, image.getPixelData());
        waiting.delete(slice);
      }
      grown();
    };
    const more = (event: Event) => {
      if ((event as CustomEvent<{ volumeId: string }>).detail.volumeId === volume.volumeId) frame ||= requestAnimationFrame(take);
    };
    take();
    eventTarget.addEventListener(Enums.Events.IMAGE_VOLUME_MODIFIED, more);
    return () => {
      eventTarget.removeEventListener(Enums.Events.IMAGE_VOLUME_MODIFIED, more);
      cancelAnimationFrame(frame);
    };
  }, [volume]);
  return projection;
}

/** On the line from front to back, where the highest value lies: what one sees is where one goes. */
function hottest(volume: Types.IImageVolume, i: number, k: number): number {
  let best = 0;
  let most = Number.NEGATIVE_INFINITY;
  for (let j = 0; j < volume.dimensions[1]; j++) {
    const value = Number(volume.voxelManager?.getAtIJK(i, j, k));
    if (value > most) [best, most] = [j, value];
  }
  return best;
}
