/** The images of a case: anatomy with activity over it, from every side, beside what was there before. The engine of it is fetched with this file. */

import type { RenderingEngine } from "@cornerstonejs/core";
import { useCallback, useEffect, useMemo, useState } from "react";
import { useNarrow } from "@/design/media";
import { Problem } from "@/design/Problem";
import { Drawing } from "@/imaging/contouring/Drawing";
import { KeepingProblem, useKeeping } from "@/imaging/contouring/Keeping";
import { drawnIn } from "@/imaging/contouring/masks";
import { DRAFT } from "@/imaging/contouring/overlay";
import { useDrawing } from "@/imaging/contouring/useDrawing";
import { useSession } from "@/imaging/contouring/useSession";
import { kindsOf } from "@/imaging/kinds";
import type { Mask, Study } from "@/imaging/types";
import { idOf, useContours } from "@/imaging/viewer/contours";
import { forgetImages, newRendering } from "@/imaging/viewer/engine";
import { placeOf, stepped, useFocus } from "@/imaging/viewer/focus";
import { type Images, useImages } from "@/imaging/viewer/images";
import { useViewerKeys } from "@/imaging/viewer/keys";
import { neighbour } from "@/imaging/viewer/marking";
import { Stage } from "@/imaging/viewer/Stage";
import { StackPane } from "@/imaging/viewer/StackPane";
import { Toolbar } from "@/imaging/viewer/Toolbar";
import { clearMeasures, type Hand, take } from "@/imaging/viewer/tools";
import styles from "@/imaging/viewer/Viewer.module.css";
import { type Range, TOPS } from "@/imaging/viewer/windows";

export type Layout = "overview" | "planes" | "compare" | "series";

export interface ViewerProps {
  study: Study;
  prior: Study | undefined;
  /** Key of the lesion chosen in the table, in the report or here. */
  lesion: string | undefined;
  onLesion: (key: string | undefined) => void;
  /** An earlier version of the contours, to be shown instead of the ones in use. */
  version: string | undefined;
}

export interface View {
  layout: Layout;
  hand: Hand;
  /** Undefined: the one that suits the images. */
  window: Range | undefined;
  /** Of the scale of activity, in the kind that is shown. */
  top: number;
  strength: number;
  contours: boolean;
  kind: string;
}

const START: View = {
  layout: "overview",
  hand: "point",
  window: undefined,
  top: TOPS[1],
  strength: 0.86,
  contours: true,
  kind: "",
};

export default function Viewer({ study, prior, lesion, onLesion, version }: ViewerProps) {
  const rendering = useRendering();
  const narrow = useNarrow();
  const images = useImages(study);
  const [view, setView] = useState(START);
  const change = useCallback((what: Partial<View>) => setView((before) => ({ ...before, ...what })), []);
  const before = useImages(prior, !images.activity && !images.anatomy);
  const possible = layouts(images, before, narrow);
  const layout = possible.includes(view.layout) ? view.layout : (possible[0] ?? "series");
  const [focus, onFocus] = useFocus(images, placeOf(study, lesion));
  useHand(view.hand);
  const volumes = [images.activity, images.anatomy];
  const takePen = useCallback(() => change({ hand: "point", ...(layout === "series" ? { layout: "overview" } : {}) }), [change, layout]);
  const session = useSession(useDrawing(study, volumes, lesion, onLesion), { focus, onFocus, takePen });
  const { drawing } = session;
  const stored = useContours(study.uid, masksWith(study.masks, version), volumes, view.contours);
  const contours = drawing.isShown ? [...stored.filter((each) => each !== idOf(version ?? drawing.opened?.mask.id ?? "")), DRAFT] : stored;
  const keeping = useKeeping(study);
  const kinds = kindsOf(images.activitySeries?.suv);
  const kind = kinds.find((each) => each.kind === view.kind) ?? kinds[0];
  const step = useCallback((by: number) => onFocus((point) => stepped(images, point, by)), [images, onFocus]);
  const next = useCallback((by: number) => onLesion(neighbour(study.lesions, lesion, by)), [study.lesions, lesion, onLesion]);
  useViewerKeys({ change, view, possible, layout, step, next });
  const error = images.error;
  return (
    <section className={styles.viewer} aria-label="Images" data-layout={layout} data-drawing={drawing.isOpen || undefined}>
      <Toolbar
        view={{ ...view, layout }}
        onChange={change}
        possible={possible}
        kinds={kinds}
        keeping={keeping}
        study={study}
        hasWindows={images.anatomySeries?.modality === "CT"}
        drawing={drawing}
        onDraw={session.toggle}
      />
      <KeepingProblem failed={keeping.failed} />
      <Drawing study={study.uid} session={session} isMeasuring={view.hand !== "point"} />
      {error ? (
        <Problem error={error} safe="The images are stored; nothing was lost." />
      ) : layout === "series" ? (
        <StackPane rendering={rendering} study={study} window={view.window} />
      ) : focus ? (
        <Stage
          {...{
            rendering,
            images,
            before,
            study,
            prior,
            view,
            layout,
            focus,
            onFocus,
            lesion,
            onLesion,
            change,
            step,
            narrow,
            kind,
            contours,
            drawing,
          }}
        />
      ) : (
        <p className={styles.waiting} role="status">
          The images are opening
        </p>
      )}
    </section>
  );
}

const masksWith = (masks: readonly Mask[], version: string | undefined): readonly Mask[] =>
  version === undefined ? masks : masks.map((each) => (drawnIn(each) ? { ...each, id: version } : each));

function useRendering(): RenderingEngine {
  const rendering = useMemo(() => newRendering("case"), []);
  useEffect(
    () => () => {
      clearMeasures();
      rendering.destroy();
      forgetImages();
    },
    [rendering],
  );
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
