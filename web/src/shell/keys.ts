/** The keyboard: which keys do what right now. Pages add theirs while they are open; `?` lists them all. */

import { useEffect, useSyncExternalStore } from "react";
import { keep, kept } from "@/shell/kept";

export interface Binding {
  /** "a", "?", "Escape", or two in a row: "g b". */
  keys: string;
  says: string;
  /** Heading in the list of keys. */
  group: string;
  /** Left out for keys that the focused element handles itself. */
  run?: () => void;
}

/** Two keys count as a row when the second follows within this time. */
const ROW_MS = 1_200;
const OFF = "single-keys-off";

let layers: readonly (readonly Binding[])[] = [];
const listeners = new Set<() => void>();
let first = { key: "", at: 0 };
let enabled = kept(OFF) === null;

function tell(): void {
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Add these keys while the component is there. Give a stable array (module constant or useMemo). */
export function useKeys(bindings: readonly Binding[]): void {
  useEffect(() => {
    layers = [...layers, bindings];
    tell();
    return () => {
      layers = layers.filter((layer) => layer !== bindings);
      tell();
    };
  }, [bindings]);
}

export function useBindings(): readonly Binding[] {
  return useSyncExternalStore(subscribe, () => layers).flat();
}

/** Single keys can be switched off for people whose speech input would press them (WCAG 2.1.4). */
export function useSingleKeys(): [boolean, (on: boolean) => void] {
  const on = useSyncExternalStore(subscribe, () => enabled);
  return [on, switchSingleKeys];
}

export const singleKeysOn = (): boolean => enabled;

function switchSingleKeys(on: boolean): void {
  enabled = on;
  keep(OFF, on ? null : "yes");
  tell();
}

/** What this key means now, after the key before it. The newest layer wins. */
export function meaning(key: string, before: string, open: readonly (readonly Binding[])[]): Binding | undefined {
  const newestFirst = [...open].reverse().flat();
  return newestFirst.find((each) => each.keys === `${before} ${key}`) ?? newestFirst.find((each) => each.keys === key);
}

const EDITABLE = "input, textarea, select, [contenteditable], [role=dialog], [role=menu], [role=listbox]";

function pressed(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || !enabled) return;
  if (event.target instanceof Element && event.target.closest(EDITABLE)) return;
  const before = event.timeStamp - first.at < ROW_MS ? first.key : "";
  first = { key: event.key, at: event.timeStamp };
  const binding = meaning(event.key, before, layers);
  if (!binding?.run) return;
  event.preventDefault();
  binding.run();
}

if (typeof window !== "undefined") window.addEventListener("keydown", pressed);
