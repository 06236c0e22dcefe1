/** Getting the series of a study into the browser as volumes. */

import { useQueries } from "@tanstack/react-query";
import type { Types } from "@cornerstonejs/core";
import { useEffect, useMemo, useState } from "react";
import type { Series, Study } from "@/imaging/types";
import type { Stack } from "@/imaging/viewer/dicomweb";
import { startEngine } from "@/imaging/viewer/engine";
import { scaleBy } from "@/imaging/viewer/scaling";
import { stackQuery, together } from "@/imaging/viewer/series";
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

/** Series whose places mean the same (PS3.3 C.7.4.1). What does not share them with the first is not laid over it. */
const sharing = (stacks: Stack[]): Stack[] => stacks.filter(({ frame }, _, [first]) => frame === first?.frame);

/** Fetch headers and begin to fetch pixels. `wait` holds the pixels back until what is looked at first is here. */
export function useImages(study: Study | undefined, wait = false): Images {
  const { anatomy, activity } = study ? together(study) : { anatomy: undefined, activity: undefined };
  const wanted = study ? [anatomy, activity].filter((each) => each !== undefined) : [];
  const stacks = useQueries({
    queries: wanted.map(({ uid }) => stackQuery(study?.uid ?? "", uid)),
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
