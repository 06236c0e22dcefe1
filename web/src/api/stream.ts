/**
 * A live view of one topic: opened, kept open, opened again when it breaks.
 *
 * Made with fetch, because the browser's own EventSource cannot say who is asking. Each opening begins with the present state,
 * so nothing that was missed stays missed.
 */

import { ApiProblem, problemIn } from "@/api/problem";
import { session } from "@/api/session";
import { EventReader } from "@/api/sse";

export type Connection = "connecting" | "live" | "reconnecting" | "offline";

/** The server says something at least every ten seconds; after this long in silence the line is dead. */
const DEAD_AFTER_MS = 25_000;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;
/** Failed tries in a row after which the screen says "offline" rather than "reconnecting". */
const OFFLINE_AFTER = 4;

export interface Listener {
  event: (name: string, content: unknown) => void;
  connection: (state: Connection) => void;
  refused: (problem: ApiProblem) => void;
}

/** Open the topic; returns what closes it. After closing, the listener hears nothing more. */
export function listen(topic: string, listener: Listener): () => void {
  const closing = new AbortController();
  void keepOpen(topic, listener, closing.signal);
  return () => closing.abort();
}

/** How long to wait before the nth try in a row; spread, so that a thousand screens do not come back in one moment. */
export function waitBefore(attempt: number, spread = Math.random()): number {
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempt) * (0.5 + spread / 2);
}

async function keepOpen(topic: string, listener: Listener, closing: AbortSignal): Promise<void> {
  let failures = 0;
  listener.connection("connecting");
  while (!closing.aborted) {
    try {
      await once(topic, closing, (name, content) => {
        if (closing.aborted) return;
        failures = 0;
        listener.connection("live");
        listener.event(name, content);
      });
    } catch (error) {
      if (closing.aborted) return;
      if (error instanceof ApiProblem && !error.isPassing) return listener.refused(error);
    }
    if (closing.aborted || session.state.status !== "in") return;
    listener.connection(failures >= OFFLINE_AFTER || !navigator.onLine ? "offline" : "reconnecting");
    await pause(waitBefore(failures++), closing);
  }
}

/** One connection, from its opening to its end. Returns when it ends in good order, throws when it breaks. */
async function once(topic: string, closing: AbortSignal, heard: (name: string, content: unknown) => void): Promise<void> {
  const breaking = new AbortController();
  const stop = () => breaking.abort();
  closing.addEventListener("abort", stop);
  let silence = setTimeout(stop, DEAD_AFTER_MS);
  try {
    const response = await session.fetch(`/api/v1/stream/${topic}`, { signal: breaking.signal });
    if (!response.ok || !response.body) throw await problemIn(response);
    const events = new EventReader();
    const pieces = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let piece = await pieces.read(); !piece.done; piece = await pieces.read()) {
      clearTimeout(silence);
      silence = setTimeout(stop, DEAD_AFTER_MS);
      for (const event of events.take(piece.value)) {
        if (event.name === "resync") return;
        if (event.name === "signed-out") return session.ended();
        heard(event.name, event.content);
      }
    }
  } finally {
    clearTimeout(silence);
    closing.removeEventListener("abort", stop);
    stop();
  }
}

/** Wait, but not longer than until the network comes back. */
function pause(milliseconds: number, closing: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      clearTimeout(timer);
      window.removeEventListener("online", go);
      closing.removeEventListener("abort", go);
      resolve();
    };
    const timer = setTimeout(go, milliseconds);
    window.addEventListener("online", go);
    closing.addEventListener("abort", go);
  });
}
