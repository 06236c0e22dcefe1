/** The pictures of one layout, with the scale, the sliders and the value at the pointer. */

import { Enums, eventTarget, type RenderingEngine } from "@cornerstonejs/core";
import { type ReactNode, type RefObject, useCallback, useEffect, useMemo, useRef } from "react";
import type { Hand } from "@/imaging/contouring/useDrawing";
import type { Kept } from "@/imaging/contouring/types";
import { kindsOf, unitShown } from "@/imaging/kinds";
import type { Position, Study, SuvKind } from "@/imaging/types";
import { Cursor, type CursorHandle } from "@/imaging/viewer/Cursor";
import { carried, depthWords, priorFocus } from "@/imaging/viewer/focus";
import type { Images } from "@/imaging/viewer/images";
import { marksBefore, marksOf } from "@/imaging/viewer/marking";
import type { Mark } from "@/imaging/viewer/Marks";
import { isAxial, Mip } from "@/imaging/viewer/Mip";
import { Pane, type Plane } from "@/imaging/viewer/Pane";
import { Depth, Scale, Strength } from "@/imaging/viewer/Scale";
import { topOf } from "@/imaging/viewer/top";
import type { Layout, View } from "@/imaging/viewer/Viewer";
import styles from "@/imaging/viewer/Viewer.module.css";
import { meaningOf, windowOf } from "@/imaging/viewer/volumes";
import { dragged } from "@/imaging/viewer/windows";
import { day, modality } from "@/imaging/words";

export interface StageProps {
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
  drawing: Hand;
}

/** One time point: its volumes, its lesions, where in it one looks. */
interface Moment {
  images: Images;
  top: number;
  focus: Position;
  onFocus: (point: Position) => void;
  marks: readonly Mark[];
  kept: readonly Kept[];
  /** Of what is kept: the study before has its own M1. */
  chosen: string | undefined;
  when: string;
}

export function Stage(props: StageProps) {
  const { rendering, images, before, study, prior, layout, focus, onFocus, lesion, view, kind } = props;
  const cursor = useRef<CursorHandle>(null);
  useGrowing(rendering, cursor);
  const marks = useMemo(() => marksOf(study.lesions, lesion), [study.lesions, lesion]);
  const earlier = useMemo(() => marksBefore(study.lesions, prior, lesion), [study.lesions, prior, lesion]);
  const there = priorFocus(focus, images, before, study, prior, lesion);
  const now: Moment = {
    images,
    top: topOf(view.top, images, kind),
    focus,
    onFocus,
    marks,
    kept: study.marks,
    chosen: lesion,
    when: day(study.started_at),
  };
  const then: Moment | undefined =
    there && prior
      ? {
          images: before,
          top: topOf(
            view.top,
            before,
            kindsOf(before.activitySeries?.suv).find((each) => each.kind === kind?.kind),
          ),
          focus: there,
          onFocus: (point) => onFocus(carried(point, there, focus)),
          marks: earlier,
          kept: prior.marks,
          chosen: undefined,
          when: day(prior.started_at),
        }
      : undefined;
  const foot = <Foot {...props} top={now.top} cursor={cursor} />;
  const shared = { ...props, cursor, foot, now };
  if (layout === "planes") return <Planes {...shared} />;
  if (layout === "compare" && then) return <Compare {...shared} then={then} />;
  return <Overview {...shared} then={then} />;
}

interface LayoutProps extends StageProps {
  now: Moment;
  cursor: RefObject<CursorHandle | null>;
  foot: ReactNode;
}

function Planes({ foot, now, ...props }: LayoutProps) {
  return (
    <div className={styles.planes}>
      {(["axial", "coronal", "sagittal"] as const).map((plane) => (
        <OneView key={plane} {...props} plane={plane} moment={now} title={`${nameOf(now.images)}, ${plane}`} crossed />
      ))}
      {foot}
    </div>
  );
}

function Compare({ foot, now, then, ...props }: LayoutProps & { then: Moment }) {
  return (
    <div className={styles.compare}>
      <OneView {...props} id="before" plane="axial" moment={then} title={`Baseline ${then.when}`} contours={NONE} isQuiet />
      <OneView {...props} plane="axial" moment={now} title={`Now ${now.when}`} note={depthWords(now.images, now.focus).said} />
      {foot}
    </div>
  );
}

function Overview({ foot, now, then, ...props }: LayoutProps & { then: Moment | undefined }) {
  const { narrow, onLesion } = props;
  const mip = bodyOf(now.images);
  const mipThen = then && !narrow ? bodyOf(then.images) : undefined;
  const { anatomy, activity, anatomySeries } = now.images;
  return (
    <div className={styles.overview} data-pair={mipThen !== undefined || undefined} data-alone={mip === undefined || undefined}>
      {mipThen && then && <Mip {...then} volume={mipThen} title="Baseline" onMark={onLesion} />}
      {mip && <Mip {...now} volume={mip} title={mipThen ? "Now" : "Whole body"} onMark={onLesion} />}
      <div className={styles.main}>
        <OneView
          {...props}
          plane="axial"
          moment={now}
          title={`${nameOf(now.images)}, axial`}
          note={depthWords(now.images, now.focus).said}
        />
        <div className={styles.below}>
          {activity && anatomy && !narrow && (
            <OneView
              {...props}
              id="alone"
              plane="axial"
              moment={{ ...now, images: { ...now.images, activity: undefined }, marks: [], kept: [] }}
              title={`${modality(anatomySeries?.modality ?? "")} alone`}
              contours={NONE}
              isQuiet
            />
          )}
          {foot}
        </div>
      </div>
    </div>
  );
}

const NONE: readonly string[] = [];

interface OneViewProps extends Omit<LayoutProps, "foot" | "now"> {
  moment: Moment;
  plane: Plane;
  title: string;
  id?: string;
  note?: string;
  crossed?: boolean;
  /** What is under the pointer is said of the main pictures only. */
  isQuiet?: boolean;
}

function OneView({ moment, plane, id = plane, title, note = "", crossed = false, isQuiet = false, ...props }: OneViewProps) {
  const { rendering, view, change, onLesion, contours, cursor, drawing } = props;
  const hover = useCallback((point: Position | undefined) => cursor.current?.at(point), [cursor]);
  const window = view.window ?? windowOf(moment.images);
  const drag = useCallback((right: number, down: number) => window && change({ window: dragged(window, right, down) }), [change, window]);
  const { images, top, focus, onFocus, marks } = moment;
  const { pen } = drawing;
  const draws = drawing.isOpen && view.hand === "point" && !isQuiet;
  return (
    <Pane
      rendering={rendering}
      id={id}
      plane={plane}
      title={title}
      note={note}
      anatomy={images.anatomy}
      activity={images.activity}
      window={window}
      top={top}
      strength={view.strength}
      focus={focus}
      onFocus={onFocus}
      onHover={isQuiet ? undefined : hover}
      onDrag={view.hand === "point" && !draws ? drag : undefined}
      onStroke={draws ? drawing.stroke : undefined}
      onLift={draws ? drawing.lift : undefined}
      brush={draws ? { radius: pen.radius, isErasing: pen.tool === "eraser" } : undefined}
      marks={marks}
      kept={moment.kept}
      chosen={moment.chosen}
      onMark={onLesion}
      contours={contours}
      crossed={crossed}
    />
  );
}

function Foot({
  images,
  view,
  change,
  step,
  kind,
  focus,
  cursor,
  top,
}: StageProps & { top: number; cursor: RefObject<CursorHandle | null> }) {
  const { anatomy, activity } = images;
  const words = depthWords(images, focus);
  return (
    <div className={styles.foot}>
      {activity && (
        <Scale top={kind ? view.top : top} label={kind ? `${kind.label}, ${unitShown(kind.unit)}` : meaningOf(activity.volumeId).word} />
      )}
      <div className={styles.sliders}>
        <Depth words={words} onStep={(to) => step(to - words.slice)} />
        {activity && anatomy && <Strength value={view.strength} onChange={(strength) => change({ strength })} />}
        <Cursor handle={cursor} anatomy={anatomy} activity={activity} kind={kind} focus={focus} />
      </div>
    </div>
  );
}

const bodyOf = ({ activity }: Images) => (activity && isAxial(activity) ? activity : undefined);

function nameOf({ anatomy, activity, anatomySeries, activitySeries }: Images): string {
  const [under, over] = [modality(anatomySeries?.modality ?? ""), modality(activitySeries?.modality ?? "")];
  return anatomy && activity ? `${over} on ${under}` : anatomy ? under : over;
}

/** While slices come in, what is shown is drawn anew now and then: at once when the first is here, and at the end. */
function useGrowing(rendering: RenderingEngine, cursor: RefObject<CursorHandle | null>): void {
  useEffect(() => {
    let due: ReturnType<typeof setTimeout> | undefined;
    let drawn = 0;
    const draw = () => {
      due = undefined;
      drawn = performance.now();
      rendering.render();
      cursor.current?.again();
    };
    const more = () => {
      due ??= setTimeout(draw, Math.max(0, drawn + REDRAW_MS - performance.now()));
    };
    eventTarget.addEventListener(Enums.Events.IMAGE_VOLUME_MODIFIED, more);
    return () => {
      clearTimeout(due);
      eventTarget.removeEventListener(Enums.Events.IMAGE_VOLUME_MODIFIED, more);
    };
  }, [rendering, cursor]);
}

const REDRAW_MS = 700;
