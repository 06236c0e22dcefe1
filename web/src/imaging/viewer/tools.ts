/** What a hand can do on an image: zoom, pan, measure. What is measured is of this screen until somebody keeps it. */

import { cache, eventTarget, getRenderingEngines } from "@cornerstonejs/core";
import {
  addTool,
  annotation,
  CircleROITool,
  EllipticalROITool,
  Enums,
  init,
  LengthTool,
  PanTool,
  ToolGroupManager,
  utilities,
  ZoomTool,
} from "@cornerstonejs/tools";
import type { Shape } from "@/imaging/contouring/types";
import type { Position } from "@/imaging/types";
import { inSphere, type Measured } from "@/imaging/viewer/sphere";
import { isActivity, meaningOf, seriesOf } from "@/imaging/viewer/volumes";

export const GROUP = "wardline";
export type Hand = "point" | Shape;

const TOOL_OF: Record<Shape, string> = {
  length: LengthTool.toolName,
  ellipse: EllipticalROITool.toolName,
  sphere: CircleROITool.toolName,
};
const { Primary, Secondary, Auxiliary } = Enums.MouseBindings;
const ACCENT = "rgb(169, 173, 255)";

export function startTools(): void {
  init();
  for (const tool of [ZoomTool, PanTool, LengthTool, EllipticalROITool, CircleROITool]) addTool(tool);
  const styles = annotation.config.style.getDefaultToolStyles();
  const ink = Object.fromEntries(
    ["color", "textBoxColor"].flatMap((what) => ["", "Highlighted", "Selected", "Locked"].map((state) => [what + state, ACCENT])),
  );
  annotation.config.style.setDefaultToolStyles({
    ...styles,
    global: { ...styles.global, ...ink, textBoxFontFamily: "Inter Variable, sans-serif", textBoxFontSize: "12px", lineWidth: "1.5" },
  });
  makeGroup();
}

function makeGroup(): void {
  const group = ToolGroupManager.createToolGroup(GROUP);
  if (!group) return;
  for (const tool of [ZoomTool, PanTool, LengthTool]) group.addTool(tool.toolName);
  group.addTool(EllipticalROITool.toolName, { getTextLines: ellipseLines });
  group.addTool(CircleROITool.toolName, { getTextLines: sphereLines });
  group.setToolActive(ZoomTool.toolName, { bindings: [{ mouseButton: Secondary }, { numTouchPoints: 2 }] });
  group.setToolActive(PanTool.toolName, { bindings: [{ mouseButton: Auxiliary }, { numTouchPoints: 3 }] });
  take("point");
}

/** What the first mouse button and one finger do. Pointing and turning through the slices are the page's own. */
export function take(hand: Hand): void {
  const group = ToolGroupManager.getToolGroup(GROUP);
  if (!group) return;
  for (const name of Object.values(TOOL_OF)) group.setToolPassive(name);
  if (hand === "point") return;
  group.setToolActive(TOOL_OF[hand], { bindings: [{ mouseButton: Primary }, { numTouchPoints: 1 }] });
}

export interface Measure {
  id: string;
  /** The one with activity where several lie over each other; "" before the images say which. */
  series: string;
  kind: Shape;
  points: Position[];
}

/** What is measured on the images and not kept. */
export function measures(): Measure[] {
  return annotation.state.getAllAnnotations().flatMap(({ annotationUID: id = "", metadata, data }) => {
    const kind = (Object.keys(TOOL_OF) as Shape[]).find((each) => TOOL_OF[each] === metadata?.toolName);
    const points = [...((data.handles?.points ?? []) as Iterable<ArrayLike<number>>)].map((each) => Array.from(each) as Position);
    if (!kind || points.length < POINTS[kind]) return [];
    return [{ id, kind, points: points.slice(0, POINTS[kind]), series: seriesUnder(Object.keys(data.cachedStats ?? {})) }];
  });
}

const POINTS: Record<Shape, number> = { length: 2, ellipse: 4, sphere: 2 };

function seriesUnder(targets: string[]): string {
  const volume = volumeOf(targets);
  if (volume) return seriesOf(volume.volumeId);
  return targets.map((each) => /\/series\/([0-9.]+)\//.exec(each)?.[1] ?? "").find(Boolean) ?? "";
}

const { ANNOTATION_COMPLETED, ANNOTATION_REMOVED } = Enums.Events;
const listeners = new Set<() => void>();

/** Call when there are more or fewer of them. Returns how to stop. */
export function onMeasures(listener: () => void): () => void {
  listeners.add(listener);
  for (const event of [ANNOTATION_COMPLETED, ANNOTATION_REMOVED]) eventTarget.addEventListener(event, listener);
  return () => {
    listeners.delete(listener);
    for (const event of [ANNOTATION_COMPLETED, ANNOTATION_REMOVED]) eventTarget.removeEventListener(event, listener);
  };
}

/** Take one off the images. */
export function forgetMeasure(id: string): void {
  annotation.state.removeAnnotation(id);
  drawAnew();
}

/** Take every measurement off the images. */
export function clearMeasures(): void {
  annotation.state.removeAllAnnotations();
  drawAnew();
}

function drawAnew(): void {
  for (const listener of listeners) listener();
  utilities.triggerAnnotationRenderForViewportIds((getRenderingEngines() ?? []).flatMap((each) => each.getViewports().map(({ id }) => id)));
}

type Handles = { data: { handles?: { points?: unknown } } };

/** The circle that is drawn is the equator: what is counted is the sphere around it. */
function sphereLines({ handles }: Handles["data"], targets: string | string[]): string[] {
  const [centre, edge] = (handles?.points ?? []) as [Position, Position];
  const volume = volumeOf(targets);
  if (!volume || !edge) return [];
  return lines(
    "Sphere",
    inSphere(volume, centre, Math.hypot(edge[0] - centre[0], edge[1] - centre[1], edge[2] - centre[2])),
    volume.volumeId,
  );
}

interface Stats {
  area?: number;
  areaUnit?: string;
  mean?: number;
  max?: number;
}

function ellipseLines(data: { cachedStats?: Record<string, unknown> }, targets: string | string[]): string[] {
  const volume = volumeOf(targets);
  const target = [targets].flat().find((each) => !volume || each.includes(volume.volumeId));
  const stats = data.cachedStats?.[target ?? ""] as Stats | undefined;
  if (stats?.mean === undefined || stats.max === undefined) return [];
  const { word, digits } = meaningOf(volume?.volumeId ?? "");
  return [
    `${((stats.area ?? 0) / 100).toFixed(2)} cm²`,
    `${word} max ${stats.max.toFixed(digits)}`,
    `${word} mean ${stats.mean.toFixed(digits)}`,
  ];
}

function lines(shape: string, measured: Measured, volumeId: string): string[] {
  const { word, digits } = meaningOf(volumeId);
  if (measured.voxels === 0) return [`${shape}: no voxel inside`];
  return [
    `${shape} ${measured.ml.toFixed(1)} mL, ${measured.voxels} voxels`,
    `${word} max ${measured.max.toFixed(digits)}`,
    `${word} mean ${measured.mean.toFixed(digits)}`,
  ];
}

/** Of the volumes under the hand the one with activity, else the first. */
function volumeOf(targets: string | string[]) {
  const volumes = cache.getVolumes().filter(({ volumeId }) => [targets].flat().some((target) => target.includes(volumeId)));
  return volumes.find(({ volumeId }) => isActivity(volumeId)) ?? volumes[0];
}
