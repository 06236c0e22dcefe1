/** While a patient is on screen the server says when something about them has changed; then, and only then, it is asked again. */

import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { listen } from "@/api/stream";
import { clock } from "@/time/clock";

/** A monitor says something every few seconds. Asking again takes at most a tenth of the time, and comes at least this far apart. */
const LEAST_MS = 2_000;
const SHARE = 10;

/** Follow the patient. While the past is looked at nothing is asked again; the answer is how often there was something new. */
export function usePatientLive(id: string, past: boolean): number {
  const queries = useQueryClient();
  const [news, setNews] = useState(0);
  const looking = useRef(past);
  useEffect(() => {
    looking.current = past;
    setNews(0);
    if (!past) void queries.invalidateQueries({ queryKey: ["patient", id] });
  }, [past, id, queries]);
  useEffect(() => {
    const again = atMost(() => queries.invalidateQueries({ queryKey: ["patient", id] }));
    let opened = false;
    const close = listen(`patient/${encodeURIComponent(id)}`, {
      event: (name, content) => {
        const said = content as { now: string; patient?: string };
        clock.heard(said.now);
        // What came between the page's first questions and this moment, or during a break, was told to nobody.
        const missed = name === "present";
        if (!missed && !(name === "changed" && said.patient === id)) return;
        if (!looking.current) again.run();
        else if (!missed || opened) setNews((before) => before + 1);
        opened = true;
      },
      connection: () => undefined,
      // The page's own questions are refused as well, and say why.
      refused: () => undefined,
    });
    return () => {
      close();
      again.stop();
    };
  }, [id, queries]);
  return news;
}

/** Runs the work now or, if it ran lately, once when enough time has passed. */
function atMost(work: () => Promise<unknown>): { run: () => void; stop: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let free = 0;
  let waiting = false;

  async function go(): Promise<void> {
    waiting = false;
    const begun = performance.now();
    free = Infinity;
    await work();
    const took = performance.now() - begun;
    free = performance.now() + Math.max(LEAST_MS, took * SHARE);
    if (waiting) timer = setTimeout(() => void go(), free - performance.now());
  }

  return {
    run: () => {
      const early = free - performance.now();
      if (early <= 0) void go();
      else if (!waiting && early < Infinity) timer = setTimeout(() => void go(), early);
      waiting = early > 0;
    },
    stop: () => {
      clearTimeout(timer);
      free = Infinity;
    },
  };
}
