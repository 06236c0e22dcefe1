/** Measurements that are only on this screen: kept with the study, or taken off the images. */

import { useQueryClient } from "@tanstack/react-query";
import { useState, useSyncExternalStore } from "react";
import { Problem } from "@/design/Problem";
import styles from "@/imaging/Case.module.css";
import { keepMeasurement } from "@/imaging/contouring/queries";
import { afterMeasuring } from "@/imaging/queries";
import type { Study } from "@/imaging/types";
import { clearMeasures, forgetMeasure, measures, onMeasures } from "@/imaging/viewer/tools";

const many = () => measures().length;

/** How many there are, how to keep them, and what went wrong. */
export function useKeeping(study: Study) {
  const known = useQueryClient();
  const count = useSyncExternalStore(onMeasures, many);
  const [failed, setFailed] = useState<unknown>(null);
  const keep = async () => {
    setFailed(null);
    try {
      for (const { id, ...what } of measures()) {
        // Of two studies beside each other this page can only keep what was measured on its own.
        if (!study.series.some(({ uid }) => uid === what.series)) throw new OtherStudy();
        await keepMeasurement(study.uid, { ...what, label: "" });
        forgetMeasure(id);
      }
    } catch (error) {
      setFailed(error);
    }
    await afterMeasuring(known, study);
  };
  return { count, failed, keep: () => void keep(), clear: clearMeasures };
}

export type Keeping = ReturnType<typeof useKeeping>;

class OtherStudy extends Error {}

export function KeepingProblem({ failed }: { failed: unknown }) {
  if (failed === null) return null;
  if (failed instanceof OtherStudy)
    return (
      <p className={`panel ${styles.said}`} role="alert">
        That was measured on the study before. Open that study to keep it there, or remove it here.
      </p>
    );
  return <Problem error={failed} safe="What you have measured is still on the images." />;
}
