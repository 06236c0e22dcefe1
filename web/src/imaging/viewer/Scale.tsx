/** Beside the picture: what its colours mean, which slice it is, and how strongly activity covers anatomy. */

import { RAMP } from "@/imaging/viewer/colours";
import styles from "@/imaging/viewer/Viewer.module.css";

export function Scale({ top, label }: { top: number; label: string }) {
  return (
    <div className={styles.scale} role="img" aria-label={`Scale of activity from 0 to ${top.toFixed(1)}, ${label}`}>
      <span style={{ background: RAMP }} />
      <p>{top.toFixed(1)}</p>
      <p>{(top / 2).toFixed(1)}</p>
      <p>0</p>
      <p className={styles.unit}>{label}</p>
    </div>
  );
}

export function Depth({ words, onStep }: { words: { slice: number; of: number }; onStep: (to: number) => void }) {
  return (
    <label className={styles.slider}>
      <span>Slice, ↑ ↓ or wheel</span>
      <input
        type="range"
        min={1}
        max={words.of}
        value={words.slice}
        aria-valuetext={`${words.slice} of ${words.of}`}
        onChange={(event) => onStep(event.currentTarget.valueAsNumber)}
      />
    </label>
  );
}

export function Strength({ value, onChange }: { value: number; onChange: (value: number) => void }) {
  return (
    <label className={styles.slider}>
      <span>PET over CT, {Math.round(value * 100)} %</span>
      <input type="range" min={0} max={1} step={0.02} value={value} onChange={(event) => onChange(event.currentTarget.valueAsNumber)} />
    </label>
  );
}
