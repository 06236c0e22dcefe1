/** The as-of slider: drag it, or step from event to event with the arrow keys, and the whole page shows what was known then. */

import { type KeyboardEvent, type PointerEvent, useMemo, useRef, useState } from "react";
import { midnights, momentAt, percent, stepped, ticks } from "@/patient/axis";
import { useSheet, x } from "@/patient/timeline/sheet";
import styles from "@/patient/timeline/Slider.module.css";
import { offsetMinutes } from "@/patient/zone";
import { date, moment, timeOfDay } from "@/time/words";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** With Shift. */
const BIG_STEP = 10;

interface Props {
  /** Minutes at which something new was known, oldest first. */
  moments: readonly number[];
  /** Undefined: now. */
  onMoment: (at: number | undefined) => void;
}

export function Slider({ moments, onMoment }: Props) {
  const sheet = useSheet();
  const { axis, edge, past } = sheet;
  const track = useRef<HTMLDivElement>(null);
  const [dragging, setDragging] = useState<number | null>(null);
  const at = dragging ?? edge;

  function under(event: PointerEvent): number {
    const box = track.current?.getBoundingClientRect();
    const part = box ? (event.clientX - box.left) / box.width : 1;
    return Math.max(axis.since, Math.min(axis.now, Math.round(momentAt(axis, part) / MINUTE_MS) * MINUTE_MS));
  }

  const settle = (moment: number | undefined) => onMoment(moment === undefined || moment > axis.now - MINUTE_MS ? undefined : moment);

  function onKeyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const big = event.shiftKey ? BIG_STEP : 1;
    const from = past ? edge : axis.now;
    // The last minute is now: what happened in it is no step back.
    const before = Math.min(from, axis.now - MINUTE_MS + 1);
    const targets: Record<string, () => number | undefined> = {
      ArrowLeft: () => stepped(moments, before, -big),
      ArrowDown: () => stepped(moments, before, -big),
      ArrowRight: () => stepped(moments, from, big),
      ArrowUp: () => stepped(moments, from, big),
      PageDown: () => Math.max(axis.since, from - HOUR_MS),
      PageUp: () => from + HOUR_MS,
      Home: () => axis.since + MINUTE_MS,
      End: () => undefined,
    };
    const target = targets[event.key];
    if (!target) return;
    event.preventDefault();
    settle(target());
  }

  return (
    <div
      ref={track}
      className={styles.slider}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        setDragging(under(event));
      }}
      onPointerMove={(event) => dragging !== null && setDragging(under(event))}
      onPointerUp={() => {
        if (dragging === null) return;
        settle(dragging);
        setDragging(null);
      }}
      onPointerCancel={() => setDragging(null)}
    >
      <Scale />
      <span className={styles.known} style={{ width: percent(axis, at) }} />
      <Steps moments={moments} />
      <span className={styles.now} style={{ left: percent(axis, axis.now) }} data-side={past ? "right" : "left"}>
        {past && <i>now {timeOfDay(axis.now)}</i>}
      </span>
      <div
        className={styles.handle}
        style={{ left: percent(axis, at) }}
        role="slider"
        tabIndex={0}
        aria-label="As of"
        aria-valuemin={Math.round(axis.since / MINUTE_MS)}
        aria-valuemax={Math.round(axis.now / MINUTE_MS)}
        aria-valuenow={Math.round(at / MINUTE_MS)}
        aria-valuetext={at >= axis.now - MINUTE_MS && !past ? "now" : moment(at, axis.now)}
        onKeyDown={onKeyDown}
      >
        {past || dragging !== null ? timeOfDay(at) : "now"}
      </div>
    </div>
  );
}

/** Room for "Fri 13 Nov". */
const DAY_ROOM = 84;

/** Hours below the line, days above it: the first where there is room before the next, none under the word "now". */
function Scale() {
  const sheet = useSheet();
  const { axis, past } = sheet;
  const isWeek = axis.hours === 168;
  const nights = midnights(axis, offsetMinutes);
  const first = nights[0];
  const days = first === undefined || (!isWeek && x(sheet, first) > DAY_ROOM) ? [axis.since, ...nights] : nights;
  const isUnderNow = (at: number) => past && x(sheet, at) > x(sheet, axis.now) - 2 * DAY_ROOM;
  return (
    <>
      {days
        .filter((at) => !isUnderNow(at))
        .map((at) => (
          <span key={at} className={styles.day} style={{ left: percent(axis, at) }}>
            {dayShown(at)}
          </span>
        ))}
      {!isWeek &&
        ticks(axis, offsetMinutes).map((at) => (
          <span key={at} className={styles.hour} style={{ left: percent(axis, at) }}>
            {timeOfDay(at)}
          </span>
        ))}
    </>
  );
}

/** "Fri 13 Nov" */
const dayShown = (at: number): string => date(at).split(" ").slice(0, 3).join(" ");

/** Pixels between two ticks: nearer ones would be read as an area. */
const TICK_ROOM = 6;

/** A tick for each event, as far apart as can be seen. */
function Steps({ moments }: { moments: readonly number[] }) {
  const { axis, width } = useSheet();
  const shown = useMemo(() => {
    let free = -Infinity;
    return moments.filter((at) => {
      const place = ((at - axis.since) / (axis.until - axis.since)) * width;
      if (place < free || at > axis.now) return false;
      free = place + TICK_ROOM;
      return true;
    });
  }, [moments, axis, width]);
  return shown.map((at) => <span key={at} className={styles.step} style={{ left: percent(axis, at) }} />);
}
