/** The words of what people draw and measure by hand. */

import type { Drawing, How, Shape } from "@/imaging/contouring/types";
import { unitShown } from "@/imaging/kinds";
import type { Named } from "@/imaging/types";
import { number } from "@/imaging/words";
import { moment } from "@/time/words";

export const SHAPES: Record<Shape, string> = { length: "Length", ellipse: "Ellipse", sphere: "Sphere" };

export const HOW: Record<How, string> = { automatic: "", changed: "contour changed", drawn: "drawn by hand" };

/** "23.4 mm", "– not measured". */
export function shownValue(value: Named | undefined): string {
  if (value?.value == null) return `– ${value?.why || "not measured"}`;
  return [number(value.value), value.unit === "1" ? "" : unitShown(value.unit)].filter(Boolean).join(" ");
}

/** Who drew, when and why. */
export const drawnBy = ({ by, at, note }: Pick<Drawing, "by" | "at" | "note">, now: number): string =>
  `Drawn by ${by}, ${moment(at, now)}${note ? `: “${note}”` : ""}`;
