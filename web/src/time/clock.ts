/**
 * The hospital's time, from the server. Ages are counted from it, never from this machine's clock.
 *
 * Between two reports it runs on with the machine's steady counter. In a simulated hospital time runs at its own pace, so there
 * it only moves when the server says so.
 */

import { useSyncExternalStore } from "react";

/** An answer about a quiet hospital names the moment of its last event, which may be long ago: that does not turn the clock back. */
const CORRECTION_MS = 5_000;

export class HospitalClock {
  #at = Number.NaN;
  #heardAt = 0;
  #listeners = new Set<() => void>();
  #beat: ReturnType<typeof setInterval> | undefined;
  simulated = false;

  /** The server says that it is now `time`. */
  heard(time: string): void {
    const at = Date.parse(time);
    if (at < this.now() - CORRECTION_MS) return;
    this.#at = at;
    this.#heardAt = performance.now();
    this.#tell();
  }

  /** Milliseconds since 1970, NaN until the server has said anything. */
  now = (): number => (this.simulated ? this.#at : this.#at + performance.now() - this.#heardAt);

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    this.#beat ??= setInterval(() => this.#tell(), 1_000);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size) return;
      clearInterval(this.#beat);
      this.#beat = undefined;
    };
  };

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

export const clock = new HospitalClock();

/** Something said about the present moment. Draws again only when what is said changes. */
export function useNow<T extends string | number | boolean>(said: (now: number) => T): T {
  return useSyncExternalStore(clock.subscribe, () => said(clock.now()));
}
