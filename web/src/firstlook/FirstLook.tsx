/** The first two minutes: five steps that point at what is really on the screen. Put away once, it stays away. */

import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import styles from "@/firstlook/FirstLook.module.css";
import { STEPS } from "@/firstlook/steps";
import { keep, kept } from "@/shell/kept";

export function useFirstLook(person: string): { on: boolean; start: () => void; finish: () => void } {
  const name = `first-look.${person}`;
  const [on, setOn] = useState(() => kept(name) === null);
  const start = useCallback(() => setOn(true), []);
  const finish = useCallback(() => {
    keep(name, "done");
    setOn(false);
  }, [name]);
  return { on, start, finish };
}

export function FirstLook({ onDone }: { onDone: () => void }) {
  const [at, setAt] = useState(0);
  const next = useRef<HTMLButtonElement>(null);
  const step = STEPS[at];
  const place = usePlace(step?.points ?? "");
  useEffect(() => {
    const escape = (event: KeyboardEvent) => event.key === "Escape" && onDone();
    addEventListener("keydown", escape);
    return () => removeEventListener("keydown", escape);
  }, [onDone]);
  if (!step) return null;
  const last = at === STEPS.length - 1;
  return (
    <>
      {place && (
        <div
          className={`${styles.ring} screen-only`}
          style={{ left: place.left - 4, top: place.top - 4, width: place.width + 8, height: place.height + 8 }}
        />
      )}
      <aside
        className={`${styles.card} screen-only`}
        aria-label="First look"
        data-low={place !== null && place.top < innerHeight / 2 ? true : undefined}
      >
        <p className="fine">
          First look, {at + 1} of {STEPS.length}
        </p>
        <h2>{step.title}</h2>
        <p>{step.says}</p>
        <div className={styles.buttons}>
          <button type="button" className="link" onClick={onDone}>
            Close
          </button>
          {at > 0 && (
            <button type="button" className="button" onClick={() => setAt(at - 1)}>
              Back
            </button>
          )}
          <button type="button" className="button main" ref={next} onClick={() => (last ? onDone() : setAt(at + 1))}>
            {last ? "Begin" : "Next"}
          </button>
        </div>
      </aside>
    </>
  );
}

const LOOK_AGAIN_MS = 300;

/** Where the thing it points at is now; it may arrive later, move or scroll. */
function usePlace(selector: string): DOMRect | null {
  const [place, setPlace] = useState<DOMRect | null>(null);
  useLayoutEffect(() => {
    const look = () => {
      const found = document.querySelector(selector)?.getBoundingClientRect();
      setPlace((before) => (found && before && same(before, found) ? before : found && found.width > 0 ? found : null));
    };
    look();
    const looking = setInterval(look, LOOK_AGAIN_MS);
    return () => clearInterval(looking);
  }, [selector]);
  return place;
}

const same = (a: DOMRect, b: DOMRect): boolean => a.left === b.left && a.top === b.top && a.width === b.width && a.height === b.height;
