/** Drawing in the contours of a study: which mask, which lesion, with what, and what has become of it. */

import type { Types } from "@cornerstonejs/core";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useReducer, useState } from "react";
import { Draft } from "@/imaging/contouring/draft";
import { drawnIn } from "@/imaging/contouring/masks";
import { hide, show, touch } from "@/imaging/contouring/overlay";
import { hotSpot, type Places, slicesAround, type Stroke, swept } from "@/imaging/contouring/strokes";
import { type MaskVoxels, voxelsQuery } from "@/imaging/queries";
import type { Mask, Study } from "@/imaging/types";
import { volumeUnder } from "@/imaging/viewer/contours";
import { isHere } from "@/imaging/viewer/volumes";

export type Tool = "brush" | "eraser" | "spot";

export interface Pen {
  tool: Tool;
  /** In mm. */
  radius: number;
  /** Only in the slice that is looked at, instead of a ball. */
  flat: boolean;
  /** Of a hot spot: which share of its highest value still belongs to it. */
  share: number;
}

export const RADII = { least: 2, most: 40 } as const;
/** 41 % of the highest value: the isocontour "A41" of the EANM procedure guideline for FDG PET/CT (not read: provisional). Changed by hand. */
const START: Pen = { tool: "brush", radius: 8, flat: false, share: 0.41 };

export interface Target {
  /** In the mask. */
  number: number;
  /** The lesion's key; of a new one what it is called until the server names it. */
  key: string;
  site: string;
  isNew: boolean;
}

/** A mask that is open for drawing. */
export interface Opened {
  mask: Mask;
  bytes: MaskVoxels["bytes"];
  volume: Types.IImageVolume;
  draft: Draft;
  targets: readonly Target[];
  /** The mask it has become, once it is saved. */
  saved: string;
}

export function useDrawing(
  study: Study,
  volumes: readonly (Types.IImageVolume | undefined)[],
  lesion: string | undefined,
  onLesion: (key: string | undefined) => void,
) {
  const known = useQueryClient();
  const [opened, setOpened] = useState<Opened>();
  const [pen, setPen] = useState(START);
  const [chosen, setChosen] = useState<number>();
  const [said, setSaid] = useState("");
  const [isShown, setShown] = useState(false);
  const [, drawn] = useReducer((count: number) => count + 1, 0);
  const mask = study.masks.find(drawnIn);
  const volume = mask && volumeUnder(mask, volumes);
  const close = useCallback(() => setOpened(undefined), []);
  useEffect(() => {
    if (!opened) return;
    show(opened.draft, opened.volume);
    setShown(true);
    return () => {
      setShown(false);
      hide();
    };
  }, [opened?.draft]);
  useEffect(() => {
    const target = opened?.targets.find(({ key, isNew }) => key === lesion && !isNew);
    if (target) setChosen(target.number);
    // Not when a new one is added to them.
  }, [opened?.draft, lesion]);
  useEffect(() => {
    // What was drawn stays on the images until it has been measured; then it is the study's own.
    if (opened && opened.saved !== "" && study.drawing?.state !== "measuring") close();
  }, [opened, study.drawing, close]);

  const open = useCallback(async () => {
    if (!mask || !volume) return;
    const stored = await known.fetchQuery(voxelsQuery(study.uid, mask.id)).catch(() => null);
    if (!stored) return setSaid("These contours cannot be drawn in: they could not be read, or hold more than 255 structures.");
    const targets = targetsOf(study);
    const draft = new Draft(
      stored.values,
      targets.map(({ number }) => number),
    );
    const opening = { mask, bytes: stored.bytes, volume, draft, targets, saved: "" };
    const ready = targets.length > 0 ? opening : (withAnother(opening) ?? opening);
    setSaid("");
    setChosen((ready.targets.find(({ key }) => key === lesion) ?? ready.targets[0])?.number);
    setOpened(ready);
  }, [known, study, mask, volume, lesion]);

  const another = useCallback(() => {
    const more = opened && withAnother(opened);
    if (!more) return setSaid("A mask holds no more than 255 structures.");
    setOpened(more);
    setChosen(more.targets.at(-1)?.number);
    onLesion(undefined);
  }, [opened, onLesion]);

  const choose = useCallback(
    (number: number) => {
      setChosen(number);
      const target = opened?.targets.find((each) => each.number === number);
      if (target && !target.isNew) onLesion(target.key);
    },
    [opened, onLesion],
  );

  const target = opened?.targets.find(({ number }) => number === chosen);
  const draft = opened?.draft;
  const change = useCallback(
    (act: (draft: Draft) => Places) => {
      if (!draft) return;
      touch(draft, act(draft));
      drawn();
    },
    [draft],
  );
  const stroke = useCallback(
    (what: Stroke, begins: boolean) => {
      if (!opened || opened.saved !== "" || !target) return;
      const { volume: under } = opened;
      if (pen.tool !== "spot") {
        const places = swept(under, what, pen.radius, pen.flat);
        return change((open) => (pen.tool === "brush" ? open.draw(places, target.number) : open.erase(places, target.number)));
      }
      if (!begins) return;
      const [first, last] = slicesAround(under, what.to, pen.radius);
      for (let slice = first; slice <= last; slice++) if (!isHere(under, slice)) return setSaid("The images there are still loading.");
      const spot = hotSpot(under, what.to, pen.radius, pen.share);
      setSaid(spot ? "" : "There is no uptake in the ball.");
      if (spot) change((open) => open.draw(spot.places, target.number));
    },
    [opened, target, pen, change],
  );
  const lift = useCallback(
    (cancelled = false) =>
      change((open) => {
        if (cancelled) return open.cancel();
        open.lift();
        return [];
      }),
    [change],
  );
  const undo = useCallback(() => change((open) => open.undo()), [change]);
  const redo = useCallback(() => change((open) => open.redo()), [change]);
  const steps = draft?.steps ?? { made: 0, takenBack: 0 };
  const isOpen = opened !== undefined && opened.saved === "";
  return {
    /** There is a mask, its images are here, and this person may change it. */
    isPossible: study.may.draw && volume !== undefined && study.drawing?.state !== "measuring",
    opened,
    /** It can be drawn in the views. */
    isShown: isShown && opened !== undefined,
    isOpen,
    isUnsaved: isOpen && steps.made > 0,
    /** Somebody else has saved since. */
    isOvertaken: isOpen && !study.masks.some(({ id }) => id === opened.mask.id),
    steps,
    pen,
    setPen: useCallback((what: Partial<Pen>) => setPen((before) => ({ ...before, ...what })), []),
    target,
    said,
    open,
    close,
    another,
    choose,
    stroke,
    lift,
    undo,
    redo,
    named: useCallback(
      (number: number, site: string) =>
        setOpened(
          (before) => before && { ...before, targets: before.targets.map((each) => (each.number === number ? { ...each, site } : each)) },
        ),
      [],
    ),
    saved: useCallback((as: string) => setOpened((before) => before && { ...before, saved: as }), []),
  };
}

export type Hand = ReturnType<typeof useDrawing>;

/** With an empty new lesion; undefined where there is no number left for it. */
function withAnother(opened: Opened): Opened | undefined {
  const number = opened.draft.another(opened.mask.labels.map((each) => each.number));
  if (number === undefined) return undefined;
  const key = `New ${opened.targets.filter(({ isNew }) => isNew).length + 1}`;
  return { ...opened, targets: [...opened.targets, { number, key, site: "", isNew: true }] };
}

const targetsOf = ({ lesions }: Study): Target[] =>
  lesions.flatMap(({ key, label, site }) => (label === null ? [] : [{ number: label, key, site, isNew: false }]));
