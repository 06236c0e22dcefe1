/** The images of a case: anatomy with activity over it, from every side, beside what was there before. The engine of it is fetched with this file. */

import type { RenderingEngine, Types } from "@cornerstonejs/core";
import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useNarrow } from "@/design/media";
import { Problem } from "@/design/Problem";
import { kindsOf, unitShown } from "@/imaging/kinds";
import type { Lesion, Position, Study, SuvKind } from "@/imaging/types";
import { forgetImages, newRendering } from "@/imaging/viewer/engine";
import { Cursor, type CursorHandle } from "@/imaging/viewer/Cursor";
import { type Images, useImages } from "@/imaging/viewer/images";
import { useViewerKeys } from "@/imaging/viewer/keys";
import type { Mark } from "@/imaging/viewer/Marks";
import { isAxial, Mip } from "@/imaging/viewer/Mip";
import { Pane, type Plane, type Shown } from "@/imaging/viewer/Pane";
import { Depth, Scale, Strength } from "@/imaging/viewer/Scale";
import { indexOf, pointAt } from "@/imaging/viewer/sphere";
import { StackPane } from "@/imaging/viewer/StackPane";
import { clearMeasures, type Hand, take } from "@/imaging/viewer/tools";
import { Toolbar } from "@/imaging/viewer/Toolbar";
import { useContours } from "@/imaging/viewer/contours";
import styles from "@/imaging/viewer/Viewer.module.css";
import { TOPS, WINDOWS } from "@/imaging/viewer/windows";
import { change, day, mainValue, number, valueOf } from "@/imaging/words";

export type Layout = "overview" | "planes" | "compare" | "series";

export interface ViewerProps {
  study: Study;
  prior: Study | undefined;
  /** Key of the lesion chosen in the table, in the report or here. */
  lesion: string | undefined;
  onLesion: (key: string | undefined) => void;
}

export interface View {
  layout: Layout;
  hand: Hand;
  window: { lower: number; upper: number };
  /** Of the scale of activity, in the kind that is shown. */
  top: number;
  strength: number;
  contours: boolean;
  kind: string;
}

const START: View = {
  layout: "overview",
  hand: "point",
  window: WINDOWS[0],
  top: TOPS[1],
  strength: 0.86,
  contours: true,
  kind: "",
};

export default function Viewer({ study, prior, lesion, onLesion }: ViewerProps) {
  const rendering = useRendering();
  const narrow = useNarrow();
  const images = useImages(study);
  const [view, setView] = useState<View>(() => ({ ...START, ...(study.lesions.length === 0 ? {} : { window: WINDOWS[1] }) }));
  const change = useCallback((what: Partial<View>) => setView((before) => ({ ...before, ...what })), []);
  const before = useImages(prior, !images.activity && !images.anatomy);
  const possible = layouts(images, before, narrow);
  const layout = possible.includes(view.layout) ? view.layout : (possible[0] ?? "series");
  const [focus, onFocus] = useFocus(images, study.lesions, lesion);
  useHand(view.hand);
  const contours = useContours(study, [images.activity, images.anatomy], view.contours);
  const kinds = kindsOf(images.activitySeries?.suv);
  const kind = kinds.find((each) => each.kind === view.kind) ?? kinds[0];
  const step = useCallback((by: number) => onFocus((point) => stepped(images, point, by)), [images, onFocus]);
  const next = useCallback((by: number) => onLesion(neighbour(study.lesions, lesion, by)), [study.lesions, lesion, onLesion]);
  useViewerKeys({ change, view, possible, layout, step, next });
  const error = images.error;
  return (
    <section className={styles.viewer} aria-label="Images" data-layout={layout}>
      <Toolbar view={{ ...view, layout }} onChange={change} possible={possible} kinds={kinds} onClear={clearMeasures} study={study} />
      {error ? (
        <Problem error={error} safe="The images are stored; nothing was lost." />
      ) : layout === "series" ? (
        <StackPane rendering={rendering} study={study} window={view.window} />
      ) : focus ? (
        <Stage {...{ rendering, images, before, study, prior, view, layout, focus, onFocus, lesion, onLesion, change, step, narrow, kind, contours }} />
      ) : (
        <p className={styles.waiting} role="status">
          The images are opening
        </p>
      )}
    </section>
  );
}

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

function Stage(props: StageProps) {
  const { rendering, images, before, study, prior, view, layout, focus, onFocus, lesion, onLesion, change: alter, step, narrow, kind, contours } = props;
  const cursor = useRef<CursorHandle>(null);
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

function useRendering(): RenderingEngine {
  const rendering = useMemo(() => newRendering("case"), []);
  useEffect(() => {
    return () => {
      clearMeasures();
      rendering.destroy();
      forgetImages();
    };
  }, [rendering]);
  return rendering;
}

function useHand(hand: Hand): void {
  useEffect(() => take(hand), [hand]);
}

function layouts(images: Images, before: Images, narrow: boolean): Layout[] {
  if (images.flat) return ["series"];
  if (!images.anatomy && !images.activity) return ["overview"];
  const compared = (before.anatomy ?? before.activity) !== undefined && !narrow;
  return ["overview", ...(narrow ? [] : (["planes"] as const)), ...(compared ? (["compare"] as const) : []), "series"];
}

const baseOf = ({ anatomy, activity }: Images): Types.IImageVolume | undefined => anatomy ?? activity;

/** Begins at the chosen lesion, else in the middle; then follows what is chosen and where somebody goes. Always the middle of a slice. */
function useFocus(images: Images, lesions: readonly Lesion[], chosen: string | undefined) {
  const [focus, setFocus] = useState<Position>();
  const base = baseOf(images);
  const goTo = useCallback(
    (to: Position | ((before: Position) => Position)) =>
      setFocus((before) => {
        if (!base) return before;
        const there = typeof to === "function" ? to(before ?? middle(base)) : to;
        return inSlice(base, there);
      }),
    [base],
  );
  useEffect(() => {
    const lesion = lesions.find(({ key }) => key === chosen);
    if (base) setFocus((before) => (lesion ? inSlice(base, lesion.position) : (before ?? middle(base))));
  }, [base, chosen, lesions]);
  return [base ? focus : undefined, goTo] as const;
}

const middle = (volume: Types.IImageVolume): Position => pointAt(volume, volume.dimensions.map((each) => (each - 1) >> 1) as Position);

/** The same point, moved along the slices' normal to the middle of its slice. */
function inSlice(volume: Types.IImageVolume, point: Position): Position {
  const [i, j, k] = indexOf(volume, point);
  return pointAt(volume, [i, j, Math.min(Math.max(Math.round(k), 0), volume.dimensions[2] - 1)]);
}

function stepped(images: Images, point: Position, by: number): Position {
  const volume = baseOf(images);
  if (!volume) return point;
  const [i, j, k] = indexOf(volume, point);
  // Slices count from the feet up, people from the top down.
  return pointAt(volume, [i, j, k - by]);
}

function depthWords(images: Images, focus: Position) {
  const volume = baseOf(images);
  if (!volume) return { slice: 1, of: 1, said: "" };
  const of = volume.dimensions[2];
  const slice = of - Math.round(indexOf(volume, focus)[2]);
  return { slice, of, said: `slice ${slice} of ${of}, ${Math.round((slice - 1) * volume.spacing[2])} mm from the top` };
}

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

function neighbour(lesions: readonly Lesion[], chosen: string | undefined, by: number): string | undefined {
  if (lesions.length === 0) return undefined;
  const at = lesions.findIndex(({ key }) => key === chosen);
  return lesions[at < 0 ? 0 : (at + by + lesions.length) % lesions.length]?.key;
}

function marksOf(lesions: readonly Lesion[], chosen: string | undefined): Mark[] {
  return lesions.map((lesion) => {
    const now = mainValue(lesion);
    const then = valueOf(lesion.prior?.values ?? [], now?.id ?? "");
    const changed = change(now?.value, then?.value);
    const says = [
      `${lesion.key} ${now ? `${now.name} ${now.value === null ? `– ${now.why ?? "no value"}` : number(now.value)}` : ""}`.trim(),
      ...(changed !== undefined && then?.value != null ? [`was ${number(then.value)}, ${changed}`] : []),
    ];
    return { key: lesion.key, at: lesion.position, radius: lesion.radius_mm, selected: lesion.key === chosen, says };
  });
}

/** The prior study's lesions under the keys they have now, so that both pictures speak of the same. */
function marksBefore(lesions: readonly Lesion[], prior: Study | undefined, chosen: string | undefined): Mark[] {
  return (prior?.lesions ?? []).map((then) => {
    const now = lesions.find((each) => each.prior?.study === prior?.uid && each.prior?.key === then.key);
    const key = now?.key ?? then.key;
    return { key, at: then.position, radius: then.radius_mm, selected: key === chosen, says: [key] };
  });
}

const carried = (point: Position, from: Position, to: Position): Position => point.map((each, axis) => each - (from[axis] ?? 0) + (to[axis] ?? 0)) as Position;

/** Where the same place was before: by the chosen lesion where it was found again, else as far from the top. */
function priorFocus(focus: Position, images: Images, before: Images, study: Study, prior: Study | undefined, chosen: string | undefined): Position | undefined {
  const [now, then] = [baseOf(images), baseOf(before)];
  if (!now || !then) return undefined;
  const lesion = study.lesions.find(({ key }) => key === chosen);
  const matched = prior?.lesions.find(({ key }) => lesion?.prior?.study === prior.uid && key === lesion.prior?.key);
  if (lesion && matched) return inSlice(then, carried(focus, lesion.position, matched.position));
  return inSlice(then, carried(focus, topOf(now), topOf(then)));
}

const topOf = (volume: Types.IImageVolume): Position => {
  const [i, j] = volume.dimensions.map((each) => (each - 1) / 2);
  return pointAt(volume, [i ?? 0, j ?? 0, volume.dimensions[2] - 1]);
};
