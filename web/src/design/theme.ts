/** Light, dark or as the system says; kept on this machine. */

import { useSyncExternalStore } from "react";
import { keep, kept } from "@/shell/kept";

export type Choice = "system" | "light" | "dark";
export type Theme = "light" | "dark";

const NAME = "theme";
const system = matchMedia("(prefers-color-scheme: dark)");
const listeners = new Set<() => void>();

export function chosen(): Choice {
  const choice = kept(NAME);
  return choice === "light" || choice === "dark" ? choice : "system";
}

export function choose(choice: Choice): void {
  keep(NAME, choice === "system" ? null : choice);
  show();
}

function shown(): Theme {
  return document.documentElement.dataset["theme"] === "dark" ? "dark" : "light";
}

function show(): void {
  const choice = chosen();
  document.documentElement.dataset["theme"] = choice === "system" ? (system.matches ? "dark" : "light") : choice;
  for (const listener of listeners) listener();
}

system.addEventListener("change", show);
// Another window of this browser has chosen.
addEventListener("storage", ({ key }) => key === `wardline.${NAME}` && show());

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useTheme(): { theme: Theme; choice: Choice } {
  return { theme: useSyncExternalStore(subscribe, shown), choice: useSyncExternalStore(subscribe, chosen) };
}
