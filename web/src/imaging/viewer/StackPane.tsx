/** One series, turned through picture by picture, whatever it is: X-ray, ultrasound, a colour picture, a series that makes no volume. */

import { Enums, type RenderingEngine, type Types, utilities } from "@cornerstonejs/core";
import { ToolGroupManager } from "@cornerstonejs/tools";
import { useQuery } from "@tanstack/react-query";
import { type PointerEvent as ReactPointerEvent, useEffect, useRef, useState } from "react";
import { Empty } from "@/design/Empty";
import { Problem } from "@/design/Problem";
import type { Position, Study } from "@/imaging/types";
import type { Stack } from "@/imaging/viewer/dicomweb";
import { startEngine } from "@/imaging/viewer/engine";
import { fitting } from "@/imaging/viewer/drawing";
import { scaleBy } from "@/imaging/viewer/scaling";
import { pictured, stackQuery } from "@/imaging/viewer/series";
import { Depth } from "@/imaging/viewer/Scale";
import { GROUP } from "@/imaging/viewer/tools";
import styles from "@/imaging/viewer/Viewer.module.css";
import { know } from "@/imaging/viewer/volumes";
import { type Range, WINDOWS } from "@/imaging/viewer/windows";
import { seriesName } from "@/imaging/words";

interface Props {
  rendering: RenderingEngine;
  study: Study;
  window: Range | undefined;
}

const ID = "stack";

export function StackPane({ rendering, study, window }: Props) {
  const all = pictured(study);
  const [chosen, setChosen] = useState<string>();
  const series = all.find(({ uid }) => uid === chosen) ?? all[0];
  const { data: stack, error } = useQuery(stackQuery(study.uid, series?.uid ?? ""));
  if (!series)
    return (
      <Empty title="No pictures">
        <p>This study holds no series with pictures. Reports and contours stand beside.</p>
      </Empty>
    );
  return (
    <div className={styles.series}>
      <ul aria-label="Series">
        {all.map((each) => (
          <li key={each.uid}>
            <button type="button" className="button" aria-pressed={each.uid === series.uid} onClick={() => setChosen(each.uid)}>
              {seriesName(each)}
            </button>
          </li>
        ))}
      </ul>
      {error && <Problem error={error} safe="The images are stored; nothing was lost." />}
      {stack && !error && (
        <Pictures
          key={series.uid}
          rendering={rendering}
          stack={stack}
          suv={series.suv}
          title={seriesName(series)}
          window={series.modality === "CT" ? (window ?? WINDOWS[0]) : undefined}
        />
      )}
    </div>
  );
}

interface PicturesProps {
  rendering: RenderingEngine;
  stack: Stack;
  suv: Study["series"][number]["suv"];
  title: string;
  window: Props["window"] | undefined;
}

function Pictures({ rendering, stack, suv, title, window }: PicturesProps) {
  const element = useRef<HTMLDivElement>(null);
  const output = useRef<HTMLOutputElement>(null);
  const [viewport, setViewport] = useState<Types.IStackViewport>();
  const [index, setIndex] = useState(stack.slices.length >> 1);
  const [failed, setFailed] = useState("");
  useEffect(() => {
    const place = element.current;
    if (!place) return;
    startEngine();
    scaleBy(suv);
    know(stack);
    rendering.enableElement({ viewportId: ID, element: place, type: Enums.ViewportType.STACK, defaultOptions: { background: [0, 0, 0] } });
    ToolGroupManager.getToolGroup(GROUP)?.addViewport(ID, rendering.id);
    const made = rendering.getViewport(ID) as Types.IStackViewport;
    const stop = fitting(place, rendering);
    const turned = () => setIndex(made.getCurrentImageIdIndex());
    place.addEventListener(Enums.Events.STACK_NEW_IMAGE, turned);
    made
      .setStack(
        stack.slices.map(({ imageId }) => imageId),
        stack.slices.length >> 1,
      )
      .then(
        () => setViewport(made),
        (error: unknown) => setFailed(error instanceof Error ? error.message : "It cannot be decoded here."),
      );
    const wheel = (event: WheelEvent) => {
      event.preventDefault();
      made.scroll(Math.sign(event.deltaY));
    };
    place.addEventListener("wheel", wheel, { passive: false });
    return () => {
      place.removeEventListener("wheel", wheel);
      stop();
      place.removeEventListener(Enums.Events.STACK_NEW_IMAGE, turned);
      ToolGroupManager.getToolGroup(GROUP)?.removeViewports(rendering.id, ID);
      rendering.disableElement(ID);
      setViewport(undefined);
    };
  }, [rendering, stack, suv]);
  useEffect(() => {
    if (!viewport) return;
    if (window) viewport.setProperties({ voiRange: window });
    viewport.render();
  }, [viewport, window]);
  const hover = (event: ReactPointerEvent) => {
    const box = event.currentTarget.getBoundingClientRect();
    if (viewport && output.current) output.current.textContent = valueUnder(viewport, [event.clientX - box.left, event.clientY - box.top]);
  };
  return (
    <>
      <figure className={styles.pane} aria-label={title}>
        <div
          ref={element}
          className={styles.canvas}
          data-viewport={ID}
          data-ready={viewport !== undefined || undefined}
          onFocus={(event) => event.currentTarget.blur()}
          onPointerMove={hover}
          onContextMenu={(event) => event.preventDefault()}
        />
        <figcaption className={styles.caption}>
          <b>{title}</b> picture {index + 1} of {stack.slices.length}
        </figcaption>
      </figure>
      {failed && <p role="alert">This picture cannot be shown: {failed}</p>}
      <div className={styles.foot}>
        <div className={styles.sliders}>
          {stack.slices.length > 1 && (
            <Depth words={{ slice: index + 1, of: stack.slices.length }} onStep={(to) => void viewport?.setImageIdIndex(to - 1)} />
          )}
          <output ref={output} className={styles.cursor} aria-label="Value at the cursor" />
        </div>
      </div>
    </>
  );
}

function valueUnder(viewport: Types.IStackViewport, at: [number, number]): string {
  const data = viewport.getImageData();
  const image = viewport.getCornerstoneImage();
  if (!data || !image || image.color) return "";
  const world = viewport.canvasToWorld(at) as Position;
  const [i, j] = utilities.transformWorldToIndex(data.imageData as never, world);
  if (i < 0 || j < 0 || i >= image.columns || j >= image.rows) return "Under the cursor: outside the image";
  return `Under the cursor: ${Number(image.voxelManager?.getAtIJK(i, j, 0)).toFixed(2)}`;
}
