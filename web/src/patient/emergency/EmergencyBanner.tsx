/** The record is open in an emergency: until when, how long that still is, and one press to close it. */

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useState } from "react";
import { ClockIcon } from "@/design/icons";
import { endEmergency } from "@/patient/emergency/queries";
import styles from "@/patient/emergency/Emergency.module.css";
import type { OpenEmergency } from "@/patient/types";
import { duration, timeOfDay } from "@/time/words";

export function EmergencyBanner({ patient, emergency }: { patient: string; emergency: OpenEmergency }) {
  const queries = useQueryClient();
  // What was read under it goes as well: from here on the server says what may be seen.
  const forget = useCallback(() => {
    queries.removeQueries({ queryKey: ["past", patient] });
    void queries.resetQueries({ queryKey: ["patient", patient] });
  }, [queries, patient]);
  const left = useSecondsLeft(emergency);
  const ending = useMutation({ mutationFn: () => endEmergency(patient), onSuccess: forget });
  const isOver = left <= 0;

  useEffect(() => {
    if (isOver) forget();
  }, [isOver, forget]);

  return (
    <section className={styles.banner} aria-label="Emergency access">
      <p>
        <ClockIcon /> <b>Open in an emergency.</b> Every look is recorded. Closes at <b>{timeOfDay(emergency.until)}</b>, in{" "}
        {duration(left)}. {ending.error && <strong role="alert">{ending.error.message}</strong>}
      </p>
      <button type="button" className="button" disabled={ending.isPending} onClick={() => ending.mutate()}>
        End now
      </button>
    </section>
  );
}

/** Counted by the machine's steady counter from what the server said: a hospital's simulated time does not touch it. */
function useSecondsLeft(emergency: OpenEmergency): number {
  const [left, setLeft] = useState(emergency.seconds_left);
  useEffect(() => {
    const end = performance.now() + emergency.seconds_left * 1_000;
    const count = () => setLeft((end - performance.now()) / 1_000);
    count();
    const beat = setInterval(count, 1_000);
    return () => clearInterval(beat);
  }, [emergency.id, emergency.seconds_left]);
  return left;
}
