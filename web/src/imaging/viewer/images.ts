/** Which series of a study are looked at together, and getting them into the browser. */

import { useQueries } from "@tanstack/react-query";
import type { Types } from "@cornerstonejs/core";
import { useEffect, useMemo, useState } from "react";
import type { Series, Study } from "@/imaging/types";
import { type Stack, stackOf } from "@/imaging/viewer/dicomweb";
import { startEngine } from "@/imaging/viewer/engine";
import { scaleBy } from "@/imaging/viewer/scaling";
import { load, volumeOf } from "@/imaging/viewer/volumes";

export interface Images {
  anatomy: Types.IImageVolume | undefined;
  activity: Types.IImageVolume | undefined;
  /** The series of each, for its words. */
  anatomySeries: Series | undefined;
  activitySeries: Series | undefined;
  /** Neither makes a volume: they can only be turned through. */
  flat: boolean;
  error: unknown;
}

const PICTURES = new Set(["SEG", "SR", "PR", "KO", "RTSTRUCT", "RTPLAN", "RTDOSE", "DOC", "REG", "RWV"]);

/** Series with pictures in them, in the order of their numbers. */
export const pictured = (study: Study): Series[] =>
  study.series.filter(({ modality }) => !PICTURES.has(modality)).sort((a, b) => (a.number ?? 0) - (b.number ?? 0));

/** Series whose places mean the same (PS3.3 C.7.4.1). What does not share them with the first is not laid over it. */
const sharing = (stacks: Stack[]): Stack[] => stacks.filter(({ frame }, _, [first]) => frame === first?.frame);

const most = (series: readonly Series[]): Series | undefined => [...series].sort((a, b) => b.instances - a.instances)[0];

/** PET in numbers that mean something before PET without; with it the largest CT, else the largest series there is. */
export function together(study: Study): { anatomy: Series | undefined; activity: Series | undefined } {
  const all = pictured(study);
  const pets = all.filter(({ modality }) => modality === "PT");
  const others = all.filter(({ modality }) => modality !== "PT");
  const activity = most(pets.filter(({ suv }) => suv?.refused === "")) ?? most(pets);
  const anatomy = most(others.filter(({ modality }) => modality === "CT")) ?? most(others);
  return { anatomy, activity };
}

/** Fetch headers and begin to fetch pixels. `wait` holds the pixels back until what is looked at first is here. */
export function useImages(study: Study | undefined, wait = false): Images {
  const { anatomy, activity } = study ? together(study) : { anatomy: undefined, activity: undefined };
  const wanted = study ? [anatomy, activity].filter((each) => each !== undefined) : [];
  const stacks = useQueries({
    queries: wanted.map(({ uid }) => ({
      queryKey: ["stack", study?.uid, uid],
      queryFn: ({ signal }: { signal: AbortSignal }) => stackOf(study?.uid ?? "", uid, signal),
      staleTime: Infinity,
    })),
    combine: (answers) => ({ data: answers.map(({ data }) => data), error: answers.find(({ error }) => error)?.error }),
  });
  const [volumes, setVolumes] = useState<Record<string, Types.IImageVolume>>({});
  const [failed, setFailed] = useState<unknown>(null);
  // Together, so that their slices are fetched in turns.
  const known = stacks.data.filter((stack): stack is Stack => stack !== undefined);
  const there = known.length === wanted.length ? sharing(known.filter(({ isVolume }) => isVolume)) : [];
  const key = there.map(({ series }) => series).join();
  useEffect(() => {
    if (wait || there.length === 0) return;
    let current = true;
    startEngine();
    scaleBy(activity?.suv ?? null);
    Promise.all(there.map(volumeOf)).then((made) => {
      if (!current) return;
      load(made);
      setVolumes(Object.fromEntries(made.map((volume, index) => [there[index]?.series ?? "", volume])));
    }, setFailed);
    return () => {
      current = false;
    };
    // The stacks of a study do not change while it is open: their names say when there are others.
  }, [key, wait]);
  const flat = study !== undefined && (wanted.length === 0 || (known.length === wanted.length && there.length === 0));
  const error = stacks.error ?? failed;
  return useMemo(
    () => ({
      anatomy: volumes[anatomy?.uid ?? ""],
      activity: volumes[activity?.uid ?? ""],
      anatomySeries: anatomy,
      activitySeries: activity,
      flat,
      error,
    }),
    [volumes, anatomy, activity, flat, error],
  );
}
