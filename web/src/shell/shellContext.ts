/** What any page may ask of the frame around it. */

import { createContext, use } from "react";

export interface ShellDoes {
  search: () => void;
  keys: () => void;
  firstLook: () => void;
}

export const ShellContext = createContext<ShellDoes | null>(null);

export function useShell(): ShellDoes {
  const shell = use(ShellContext);
  if (!shell) throw new Error("useShell needs the Shell above it");
  return shell;
}
