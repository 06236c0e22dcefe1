/** How long a person has been waiting. */

import { useEffect, useState } from "react";

/** Seconds since this was first drawn, by this machine's steady counter: a wait, not a time of the hospital. */
export function useSeconds(): number {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const began = performance.now();
    const beat = setInterval(() => setSeconds(Math.floor((performance.now() - began) / 1_000)), 250);
    return () => clearInterval(beat);
  }, []);
  return seconds;
}
