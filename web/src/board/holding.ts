/**
 * Whether somebody is busy in the table: then its rows stay where they are.
 *
 * A pointer that was left lying on the table, or a focus nobody uses any more, stops counting after a minute, so that a parked
 * mouse cannot freeze a ward's order.
 */

import { type RefObject, useEffect, useState } from "react";

const LAPSES_MS = 60_000;

export function useHolding(table: RefObject<HTMLElement | null>): boolean {
  const [holding, setHolding] = useState(false);
  useEffect(() => {
    const element = table.current;
    if (!element) return undefined;
    let inside = false;
    let lapse: ReturnType<typeof setTimeout> | undefined;

    const settle = () => setHolding(inside || element.contains(document.activeElement));
    const used = () => {
      clearTimeout(lapse);
      lapse = setTimeout(() => setHolding(false), LAPSES_MS);
      settle();
    };
    const enter = () => {
      inside = true;
      used();
    };
    const leave = () => {
      inside = false;
      settle();
    };
    const blurred = () => setTimeout(settle);

    element.addEventListener("pointerenter", enter);
    element.addEventListener("pointermove", enter);
    element.addEventListener("pointerleave", leave);
    element.addEventListener("focusin", used);
    element.addEventListener("focusout", blurred);
    element.addEventListener("keydown", used);
    return () => {
      clearTimeout(lapse);
      element.removeEventListener("pointerenter", enter);
      element.removeEventListener("pointermove", enter);
      element.removeEventListener("pointerleave", leave);
      element.removeEventListener("focusin", used);
      element.removeEventListener("focusout", blurred);
      element.removeEventListener("keydown", used);
    };
  }, [table]);
  return holding;
}
