/** What this screen is like: wide or narrow, moving or still. */

import { useCallback, useMemo, useSyncExternalStore } from "react";

function useMedia(query: string): boolean {
  const media = useMemo(() => matchMedia(query), [query]);
  const subscribe = useCallback(
    (listener: () => void) => {
      media.addEventListener("change", listener);
      return () => media.removeEventListener("change", listener);
    },
    [media],
  );
  return useSyncExternalStore(subscribe, () => media.matches);
}

/** A phone or a small tablet: patients as cards, tabs at the bottom, targets of 48 px. */
export const useNarrow = (): boolean => useMedia("(max-width: 1023px)");

export const useMinWidth = (pixels: number): boolean => useMedia(`(min-width: ${pixels}px)`);

export const movesLess = (): boolean => matchMedia("(prefers-reduced-motion: reduce)").matches;
