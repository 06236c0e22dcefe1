/** A value that has just arrived glows once. What was there when the page opened does not, nor does anything while looking at the past. */

import { useEffect, useRef, useState } from "react";

const GLOW_MS = 3_000;

/** True for a while after one `id` was followed by another. Undefined while nothing may glow. */
export function useGlow(id: string | undefined): boolean {
  const before = useRef(id);
  const [glowing, setGlowing] = useState(false);
  useEffect(() => {
    const followed = before.current;
    before.current = id;
    if (followed === undefined || id === undefined || followed === id) return undefined;
    setGlowing(true);
    const end = setTimeout(() => setGlowing(false), GLOW_MS);
    return () => clearTimeout(end);
  }, [id]);
  return glowing;
}
