/** The pictures of one layout, with the scale, the sliders and the value at the pointer. */

import { Enums, eventTarget, type RenderingEngine, type Types } from "@cornerstonejs/core";
import { type ReactNode, useCallback, useEffect, useMemo, useRef } from "react";
import { unitShown } from "@/imaging/kinds";
import type { Position, Study, SuvKind } from "@/imaging/types";
import { Cursor, type CursorHandle } from "@/imaging/viewer/Cursor";
import { carried, depthWords, priorFocus } from "@/imaging/viewer/focus";
import type { Images } from "@/imaging/viewer/images";
import { marksBefore, marksOf } from "@/imaging/viewer/marking";
import { isAxial, Mip } from "@/imaging/viewer/Mip";
import { Pane, type Plane, type Shown } from "@/imaging/viewer/Pane";
import { Depth, Scale, Strength } from "@/imaging/viewer/Scale";
import type { Layout, View } from "@/imaging/viewer/Viewer";
import styles from "@/imaging/viewer/Viewer.module.css";
import { day, modality } from "@/imaging/words";

interface StageProps {
  rendering: RenderingEngine;
  images: Images;
  before: Images;
  study: Study;
  prior: Study | undefined;
  view: View;
  layout: Layout;
  focus: Position;
  onFocus: (point: Position) => void;
  lesion: string | undefined;
  onLesion: (key: string | undefined) => void;
  change: (what: Partial<View>) => void;
  step: (by: number) => void;
  narrow: boolean;
  contours: readonly string[];
  kind: SuvKind | undefined;
}

export function Stage(props: StageProps) {
  const { rendering, images, before, study, prior, view, layout, focus, onFocus, lesion, onLesion, change: alter, step, narrow, kind, contours } = props;
  const cursor = useRef<CursorHandle>(null);
  useGrowing(rendering, useCallback(() => cursor.current?.again(), []));
  const hover = useCallback((point: Position | undefined) => cursor.current?.at(point), []);
  const drag = useCallback(
    (right: number, down: number) => alter({ window: dragged(view.window, right, down) }),
    [alter, view.window],
  );
  const top = inLoaded(view.top, images, kind);
  const marks = useMemo(() => marksOf(study.lesions, lesion), [study.lesions, lesion]);
  const earlier = useMemo(() => marksBefore(study.lesions, prior, lesion), [study.lesions, prior, lesion]);
  const then = priorFocus(focus, images, before, study, prior, lesion);
  const shown: Shown = { ...images, window: view.window, top, strength: view.strength };
  const common = { rendering, onHover: hover, onDrag: view.hand === "point" ? drag : undefined, onMark: onLesion };
  const pane = (plane: Plane, title: string, extra: { note?: ReactNode; crossed?: boolean } = {}) => (
    <Pane {...common} {...shown} key={plane} id={plane} plane={plane} title={title} focus={focus} onFocus={onFocus} marks={marks} contours={contours} crossed={extra.crossed ?? false} note={`${extra.note ?? ""}`} />
  );
  const words = depthWords(images, focus);
  const when = day(study.started_at);
  const name = images.activity && images.anatomy ? `${images.activitySeries?.modality === "PT" ? "PET" : "Activity"} on ${images.anatomySeries?.modality ?? ""}` : (images.anatomySeries ?? images.activitySeries)?.modality ?? "";
  const foot = (
    <div className={styles.foot}>
      {images.activity && <Scale top={view.top} label={kind ? `${kind.label}, ${unitShown(kind.unit)}` : "Bq/mL"} />}
      <div className={styles.sliders}>
        <Depth words={words} onStep={(to) => step(to - words.slice)} />
        {images.activity && images.anatomy && <Strength value={view.strength} onChange={(strength) => alter({ strength })} />}
        <Cursor handle={cursor} anatomy={images.anatomy} activity={images.activity} kind={kind} focus={focus} />
      </div>
    </div>
  );
  if (layout === "planes")
    return (
      <div className={styles.planes}>
        {(["axial", "coronal", "sagittal"] as const).map((plane) => pane(plane, `${name}, ${plane}`, { crossed: true }))}
        {foot}
      </div>
    );
  if (layout === "compare" && then)
    return (
      <div className={styles.compare}>
        <Pane {...common} {...shown} {...before} onHover={undefined} id="before" plane="axial" title={`Baseline ${prior ? day(prior.started_at) : ""}`} focus={then} onFocus={(point) => onFocus(carried(point, then, focus))} marks={earlier} contours={[]} />
        {pane("axial", `Now ${when}`, { note: words.said })}
        {foot}
      </div>
    );
  const mip = images.activity && isAxial(images.activity) ? images.activity : undefined;
  const mipBefore = before.activity && isAxial(before.activity) ? before.activity : undefined;
  return (
    <div className={styles.overview} data-pair={mipBefore !== undefined || undefined} data-alone={mip === undefined || undefined}>
      {mipBefore && !narrow && (
        <Mip volume={mipBefore} title="Baseline" when={prior ? day(prior.started_at) : ""} top={top} focus={then} onFocus={(point) => then && onFocus(carried(point, then, focus))} marks={earlier} onMark={onLesion} />
      )}
      {mip && <Mip volume={mip} title={mipBefore ? "Now" : "Whole body"} when={when} top={top} focus={focus} onFocus={onFocus} marks={marks} onMark={onLesion} />}
      <div className={styles.main}>
        {pane("axial", `${name}, axial`, { note: words.said })}
        <div className={styles.below}>
          {images.activity && images.anatomy && !narrow && (
            <Pane {...common} onHover={undefined} id="alone" plane="axial" anatomy={images.anatomy} activity={undefined} window={view.window} top={top} strength={0} title={`${images.anatomySeries?.modality ?? ""} alone`} focus={focus} onFocus={onFocus} marks={[]} contours={[]} />
          )}
          {foot}
        </div>
      </div>
    </div>
  );
}

/** While slices come in, what is shown is drawn anew a few times a second, and once at the end. */
function useGrowing(rendering: RenderingEngine, grown: () => void): void {
  useEffect(() => {
    let due: ReturnType<typeof setTimeout> | undefined;
    const more = () => {
      due ??= setTimeout(() => {
        due = undefined;
        rendering.render();
        grown();
      }, REDRAW_MS);
    };
    eventTarget.addEventListener(Enums.Events.IMAGE_VOLUME_MODIFIED, more);
    return () => {
      clearTimeout(due);
      eventTarget.removeEventListener(Enums.Events.IMAGE_VOLUME_MODIFIED, more);
    };
  }, [rendering, grown]);
}

const REDRAW_MS = 400;

function dragged({ lower, upper }: View["window"], right: number, down: number): View["window"] {
  const width = Math.max(1, upper - lower + right * 4);
  const centre = (upper + lower) / 2 + down * 2;
  return { lower: centre - width / 2, upper: centre + width / 2 };
}

/** The top of the scale in what the voxels were loaded in. */
function inLoaded(top: number, { activity }: Images, kind: SuvKind | undefined): number {
  if (kind) return top / kind.of_suvbw;
  // Without a unit a scale has no usual end: the brightest voxel seen so far in the middle of the images.
  return activity ? brightest(activity) : top;
}

function brightest(volume: Types.IImageVolume): number {
  const [wide, high, deep] = volume.dimensions;
  let most = 1;
  for (let j = 0; j < high; j += 2) for (let i = 0; i < wide; i += 2) most = Math.max(most, Number(volume.voxelManager?.getAtIJK(i, j, deep >> 1)) || 0);
  return most;
}
