/** What was measured at the pointer: the value of the voxel under it, by the server's factor, never interpolated. */

import type { Types } from "@cornerstonejs/core";
import { type RefObject, useImperativeHandle, useRef } from "react";
import type { Position, SuvKind } from "@/imaging/types";
import { valueAt } from "@/imaging/viewer/sphere";
import styles from "@/imaging/viewer/Viewer.module.css";
import { isHere, meaningOf, SUV } from "@/imaging/viewer/volumes";

export interface CursorHandle {
  at: (point: Position | undefined) => void;
  /** More has been loaded. */
  again: () => void;
}

interface Props {
  handle: RefObject<CursorHandle | null>;
  anatomy: Types.IImageVolume | undefined;
  activity: Types.IImageVolume | undefined;
  kind: SuvKind | undefined;
  /** What is read when the pointer is elsewhere. */
  focus: Position | undefined;
}

/** Written straight into the page: a pointer moves more often than a page is worth drawing. */
export function Cursor({ handle, anatomy, activity, kind, focus }: Props) {
  const output = useRef<HTMLOutputElement>(null);
  const said = (point: Position | undefined): string => {
    const there = point ?? focus;
    if (!there) return "";
    const values = [activity, anatomy].flatMap((volume) => (volume ? [reading(volume, there, kind)] : []));
    return `${point ? "Under the cursor" : "At the marker"}: ${values.filter(Boolean).join(", ") || "outside the images"}`;
  };
  const last = useRef<Position>(undefined);
  const write = () => {
    if (output.current) output.current.textContent = said(last.current);
  };
  useImperativeHandle(handle, () => ({
    at: (point) => {
      last.current = point;
      write();
    },
    again: write,
  }));
  return (
    <output ref={output} className={styles.cursor} aria-label="Value at the cursor" aria-live="off">
      {said(undefined)}
    </output>
  );
}

function reading(volume: Types.IImageVolume, point: Position, kind: SuvKind | undefined): string {
  const there = valueAt(volume, point);
  if (!there) return "";
  const { word, digits } = meaningOf(volume.volumeId);
  if (!isHere(volume, there.index[2])) return `${word} – still loading`;
  if (word !== SUV.word) return `${word} ${there.value.toFixed(digits).replace("-", "−")}`;
  return `${kind?.label ?? word} ${(there.value * (kind?.of_suvbw ?? 1)).toFixed(digits)}`;
}
