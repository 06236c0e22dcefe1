/** What can be chosen about the images: the view, what the hand does, the window, the scale. */

import type { Keeping } from "@/imaging/contouring/Keeping";
import type { Hand as Drawing } from "@/imaging/contouring/useDrawing";
import type { Study, SuvKind } from "@/imaging/types";
import type { Hand } from "@/imaging/viewer/tools";
import type { Layout, View } from "@/imaging/viewer/Viewer";
import styles from "@/imaging/viewer/Viewer.module.css";
import { TOPS, WINDOWS } from "@/imaging/viewer/windows";

interface Props {
  view: View;
  onChange: (what: Partial<View>) => void;
  possible: readonly Layout[];
  kinds: readonly SuvKind[];
  keeping: Keeping;
  study: Study;
  /** Windows are of Hounsfield units: other images have none in common. */
  hasWindows: boolean;
  drawing: Drawing;
  onDraw: () => void;
}

const LAYOUTS: Record<Layout, string> = { overview: "Overview", planes: "Planes", compare: "Baseline and now", series: "Series" };
const HANDS: Record<Hand, string> = {
  point: "Measure: off",
  length: "Length",
  ellipse: "Ellipse",
  sphere: "Sphere",
};

export function Toolbar({ view, onChange, possible, kinds, keeping, study, hasWindows, drawing, onDraw }: Props) {
  const window = view.window ?? WINDOWS[0];
  const preset = WINDOWS.find((each) => each.lower === window.lower && each.upper === window.upper);
  return (
    <div className={styles.toolbar} role="toolbar" aria-label="Images">
      <div role="group" aria-label="View">
        {possible.map((each) => (
          <button
            key={each}
            type="button"
            className="button"
            aria-pressed={view.layout === each}
            onClick={() => onChange({ layout: each })}
          >
            {LAYOUTS[each]}
          </button>
        ))}
      </div>
      <select
        className="button"
        aria-label="Measure"
        value={view.hand}
        onChange={(event) => onChange({ hand: event.currentTarget.value as Hand })}
      >
        {Object.entries(HANDS).map(([hand, word]) => (
          <option key={hand} value={hand}>
            {word}
          </option>
        ))}
      </select>
      {(keeping.count > 0 || view.hand !== "point") && (
        <>
          {study.may.draw && (
            <button type="button" className="button" disabled={keeping.count === 0} onClick={keeping.keep}>
              Keep measurements
            </button>
          )}
          <button type="button" className="button" disabled={keeping.count === 0} onClick={keeping.clear}>
            Remove measurements
          </button>
        </>
      )}
      {(drawing.isPossible || drawing.isOpen) && (
        <button type="button" className="button" aria-pressed={drawing.isOpen} onClick={onDraw}>
          Draw
        </button>
      )}
      {study.masks.length > 0 && (
        <button type="button" className="button" aria-pressed={view.contours} onClick={() => onChange({ contours: !view.contours })}>
          Contours
        </button>
      )}
      <div role="group" aria-label="Shown as">
        {hasWindows && (
          <select
            className="button"
            aria-label="Window"
            value={preset?.id ?? "own"}
            onChange={(event) => onChange({ window: WINDOWS.find(({ id }) => id === event.currentTarget.value) })}
          >
            {WINDOWS.map(({ id, word }) => (
              <option key={id} value={id}>
                {word}
              </option>
            ))}
            {!preset && (
              <option value="own">
                {Math.round((window.lower + window.upper) / 2)} / {Math.round(window.upper - window.lower)}
              </option>
            )}
          </select>
        )}
        {kinds.length > 0 && (
          <>
            <select
              className="button"
              aria-label="Uptake value"
              value={view.kind || kinds[0]?.kind}
              onChange={(event) => onChange({ kind: event.currentTarget.value })}
            >
              {kinds.map(({ kind, label }) => (
                <option key={kind} value={kind}>
                  {label}
                </option>
              ))}
            </select>
            <select
              className="button"
              aria-label="Top of the scale"
              value={view.top}
              onChange={(event) => onChange({ top: Number(event.currentTarget.value) })}
            >
              {TOPS.map((top) => (
                <option key={top} value={top}>
                  0 to {top}
                </option>
              ))}
            </select>
          </>
        )}
      </div>
    </div>
  );
}
