/** Short messages in the corner: what was just done, with ten seconds to take it back, or what could not be done. */

import { useSyncExternalStore } from "react";

export const UNDO_SECONDS = 10;
const NOTE_SECONDS = 6;

export interface Toast {
  id: number;
  text: string;
  /** By `performance.now()`; problems stay until they are put away. */
  until: number;
  undo?: () => void;
  problem: boolean;
}

let toasts: readonly Toast[] = [];
let last = 0;
const listeners = new Set<() => void>();

function become(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

/** Newest last; no more than three are shown, the oldest note gives way. */
function add(toast: Omit<Toast, "id">): void {
  become([...toasts, { ...toast, id: ++last }].slice(-3));
}

export function note(text: string): void {
  add({ text, until: performance.now() + NOTE_SECONDS * 1_000, problem: false });
}

export function done(text: string, undo: () => void): void {
  add({ text, undo, until: performance.now() + UNDO_SECONDS * 1_000, problem: false });
}

export function failed(text: string): void {
  add({ text, until: Infinity, problem: true });
}

export function putAway(id: number): void {
  become(toasts.filter((toast) => toast.id !== id));
}

/** Take back the newest act that still can be. */
export function undoLast(): void {
  const toast = toasts.findLast((each) => each.undo);
  if (!toast) return;
  putAway(toast.id);
  toast.undo?.();
}

export function useToasts(): readonly Toast[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => toasts,
  );
}
