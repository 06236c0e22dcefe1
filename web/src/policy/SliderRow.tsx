/** One number of the policy: tick where it is today, ring where it is proposed, the way between them drawn. */

import { type CSSProperties, type ReactNode, useId } from "react";
import { SeverityMark } from "@/design/SeverityMark";
import { sentence } from "@/library/words";
import { valueOf } from "@/policy/draft";
import styles from "@/policy/Editor.module.css";
import type { Slider } from "@/policy/types";

interface Props {
  slider: Slider;
  /** Left out for a rule that today's policy does not have. */
  today: number | undefined;
  value: number;
  onValue: (value: number) => void;
  onEnter: () => void;
  children: ReactNode;
}

export function SliderRow({ slider, today, value, onValue, onEnter, children }: Props) {
  const id = useId();
  const low = Math.min(slider.low, today ?? slider.low, value);
  const high = Math.max(slider.high, today ?? slider.high, value);
  const share = (each: number) => (high > low ? (each - low) / (high - low) : 0);
  const place = { "--at": share(value), "--today": share(today ?? value) } as CSSProperties;
  return (
    <div className={styles.slider} data-path={slider.path} data-moved={value !== today || undefined}>
      <div className={styles.name}>
        {slider.severity !== "none" && (
          <span className={styles.severity}>
            <SeverityMark severity={slider.severity} word={sentence(slider.severity)} />
          </span>
        )}
        <label htmlFor={id}>
          {slider.label}
          <small>{slider.detail}</small>
        </label>
        <span className={styles.was}>
          {today === undefined ? "new" : value === today ? "unchanged" : `today ${valueOf(slider, today)}`}
        </span>
        <output htmlFor={id}>{valueOf(slider, value)}</output>
      </div>
      <div className={styles.track} style={place}>
        <i className={styles.way} />
        {today !== undefined && <i className={styles.tick} />}
        <input
          id={id}
          type="range"
          min={low}
          max={high}
          step={slider.step}
          value={value}
          aria-valuetext={`${valueOf(slider, value)}${today !== undefined && value !== today ? `, today ${valueOf(slider, today)}` : ""}`}
          onChange={(event) => onValue(Number(event.target.value))}
          onKeyDown={(event) => event.key === "Enter" && onEnter()}
        />
      </div>
      <div className={styles.scale} aria-hidden="true">
        {marks(low, high).map((each) => (
          <span key={each} style={{ "--at": share(each) } as CSSProperties}>
            {each}
          </span>
        ))}
      </div>
      {children}
    </div>
  );
}

const STEPS = [1, 2, 5, 10, 15, 20, 30, 60, 120];
const MOST_STEPS = 8;

/** Round numbers under the line, and its two ends. */
function marks(low: number, high: number): number[] {
  const step = STEPS.find((each) => (high - low) / each <= (each === 1 ? MOST_STEPS : MOST_STEPS / 2)) ?? high - low;
  const round = Array.from({ length: Math.ceil((high - low) / step) }, (_, place) => (Math.floor(low / step) + 1 + place) * step);
  return [low, ...round.filter((each) => each < high && each - low >= step / 2), high];
}
