/** What is drawn with and which lesion; and how it ends: saved, or let go. */

import styles from "@/imaging/contouring/Contouring.module.css";
import { type Hand, RADII, type Tool } from "@/imaging/contouring/useDrawing";

interface Props {
  hand: Hand;
  /** A tool to measure with is in the hand. */
  isMeasuring: boolean;
  onSave: () => void;
  onStop: () => void;
}

const TOOLS: Record<Tool, string> = { brush: "Brush", eraser: "Eraser", spot: "Hot spot" };

export function DrawBar({ hand, isMeasuring, onSave, onStop }: Props) {
  const { opened, pen, setPen, target, steps, isOvertaken } = hand;
  if (!opened)
    return hand.said === "" ? null : (
      <p className={styles.bar} role="alert">
        {hand.said}
      </p>
    );
  if (opened.saved !== "")
    return (
      <p className={styles.bar} role="status">
        Saved. The lesions are being measured; until then the numbers are those of before.
      </p>
    );
  return (
    <div className={styles.bar} role="toolbar" aria-label="Draw">
      <select
        className="button"
        aria-label="Lesion to draw"
        value={target?.number ?? ""}
        onChange={({ currentTarget: { value } }) => (value === "" ? hand.another() : hand.choose(Number(value)))}
      >
        {opened.targets.map(({ number, key, site }) => (
          <option key={number} value={number}>
            {[key, site].filter(Boolean).join(", ")}
          </option>
        ))}
        <option value="">{target ? "Another new lesion" : "Choose: a new lesion"}</option>
      </select>
      <div role="group" aria-label="Draw with" className={styles.tools}>
        {(Object.keys(TOOLS) as Tool[]).map((tool) => (
          <button
            key={tool}
            type="button"
            className="button"
            aria-pressed={!isMeasuring && pen.tool === tool}
            onClick={() => setPen({ tool })}
          >
            {TOOLS[tool]}
          </button>
        ))}
      </div>
      <label className={styles.radius}>
        <span>Radius {pen.radius} mm</span>
        <input
          type="range"
          min={RADII.least}
          max={RADII.most}
          value={pen.radius}
          aria-valuetext={`${pen.radius} mm`}
          onChange={(event) => setPen({ radius: event.currentTarget.valueAsNumber })}
        />
      </label>
      {pen.tool === "spot" ? <Share hand={hand} /> : <Reach hand={hand} />}
      <div role="group" aria-label="Undo, stop, save" className={styles.end}>
        <button type="button" className="button" disabled={steps.made === 0} onClick={hand.undo}>
          Undo
        </button>
        <button type="button" className="button" disabled={steps.takenBack === 0} onClick={hand.redo}>
          Redo
        </button>
        <button type="button" className="button" onClick={onStop}>
          Stop
        </button>
        <button type="button" className="button main" disabled={!hand.isUnsaved || isOvertaken} onClick={onSave}>
          Save
        </button>
      </div>
      <p className={styles.said} role="status">
        {isMeasuring ? "You are measuring. Brush, eraser and hot spot come back to drawing." : sentence(hand)}
      </p>
    </div>
  );
}

function Reach({ hand: { pen, setPen } }: { hand: Hand }) {
  return (
    <div role="group" aria-label="Reach">
      {[false, true].map((flat) => (
        <button key={String(flat)} type="button" className="button" aria-pressed={pen.flat === flat} onClick={() => setPen({ flat })}>
          {flat ? "Slice" : "Ball"}
        </button>
      ))}
    </div>
  );
}

function Share({ hand: { pen, setPen } }: { hand: Hand }) {
  return (
    <label className={styles.share}>
      <span>from</span>
      <input
        type="number"
        className="button"
        aria-label="Share of the highest value, per cent"
        min={10}
        max={90}
        value={Math.round(pen.share * 100)}
        onChange={({ currentTarget: { valueAsNumber: percent } }) => percent >= 10 && percent <= 90 && setPen({ share: percent / 100 })}
      />
      <span>%</span>
      <span className={styles.long}>of the highest</span>
    </label>
  );
}

function sentence({ said, isOvertaken, target, pen, steps }: Hand): string {
  if (isOvertaken) return "Somebody else has saved contours since you began. Yours cannot be saved on top: stop, and look at theirs.";
  if (said !== "") return said;
  if (!target) return "Choose which lesion to draw.";
  const what = {
    brush: `Draws ${target.key}. What belongs to another lesion stays.`,
    eraser: `Takes away from ${target.key} only.`,
    spot: `A press adds the hot spot inside the ball to ${target.key}.`,
  }[pen.tool];
  return steps.made === 0 ? what : `${what} Not saved yet: ${steps.made} ${steps.made === 1 ? "step" : "steps"}.`;
}
