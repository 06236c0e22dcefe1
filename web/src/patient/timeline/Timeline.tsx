/** Everything about the patient on one time axis, up to now or up to the moment that is shown. */

import { type PointerEvent, type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { PatientAlerts } from "@/api/types";
import { type Axis, momentAt, percent, ticks } from "@/patient/axis";
import { DrugRows } from "@/patient/timeline/DrugRows";
import { EventRows } from "@/patient/timeline/EventRows";
import { LabRows } from "@/patient/timeline/LabRows";
import { LineRows } from "@/patient/timeline/LineRows";
import { Heading } from "@/patient/timeline/Row";
import { ScoreRow } from "@/patient/timeline/ScoreRow";
import { type Sheet, SheetContext } from "@/patient/timeline/sheet";
import { Slider } from "@/patient/timeline/Slider";
import { StripRows } from "@/patient/timeline/StripRows";
import styles from "@/patient/timeline/Timeline.module.css";
import type { TimelineAnswer } from "@/patient/types";
import { offsetMinutes } from "@/patient/zone";
import { timeOfDay } from "@/time/words";

const GUTTER = 184;
const LAST = 140;

interface Props {
  axis: Axis;
  /** What is known at `edge`. Undefined while it is being fetched. */
  answer: TimelineAnswer | undefined;
  edge: number;
  past: boolean;
  moments: readonly number[];
  onMoment: (at: number | undefined) => void;
  alerts: PatientAlerts | undefined;
  headline: string;
}

export function Timeline({ axis, answer, edge, past, moments, onMoment, alerts, headline }: Props) {
  const [place, width] = usePlotWidth();
  const { reading, ...pointer } = useReading(axis, width);
  const sheet = useMemo(
    (): Sheet => ({ patient: answer?.patient ?? "", axis, width, edge, past, reading }),
    [answer, axis, width, edge, past, reading],
  );
  const score = answer?.scores.find((each) => each.capability === headline);
  return (
    <SheetContext value={sheet}>
      <section ref={place} className={styles.sheet} aria-label="Timeline" aria-busy={!answer} data-export>
        <div className={styles.head}>
          <div className={styles.gutter}>
            <div className={styles.name}>
              <b>As of</b>
              <small>← → steps by event</small>
            </div>
          </div>
          <Slider moments={moments} onMoment={onMoment} />
          <div className={styles.last}>
            <b className={styles.lastHead}>Last known</b>
            <small>{past ? `at ${timeOfDay(edge)}` : "now"}</small>
          </div>
        </div>
        <div className={styles.rows} data-waiting={!answer || undefined} {...pointer}>
          <Grid axis={axis} />
          {answer && (
            <>
              <Heading name="Vital signs" remark="grey band: usual range for adults" />
              <LineRows answer={answer} />
              <StripRows answer={answer} />
              {score && <ScoreRow series={score} />}
              <LabRows answer={answer} />
              <DrugRows answer={answer} />
              <EventRows answer={answer} alerts={alerts} />
            </>
          )}
          <Over>
            {past && <Hidden axis={axis} edge={edge} />}
            {reading !== undefined && reading < edge && (
              <span className={styles.reading} style={{ left: percent(axis, reading) }}>
                <i>{timeOfDay(reading)}</i>
              </span>
            )}
          </Over>
        </div>
      </section>
    </SheetContext>
  );
}

/** What lies over the plots of all rows, between gutter and last column. */
function Over({ children }: { children: ReactNode }) {
  return <div className={styles.over}>{children}</div>;
}

function Grid({ axis }: { axis: Axis }) {
  return (
    <div className={styles.grid} aria-hidden="true">
      {ticks(axis, offsetMinutes).map((at) => (
        <span key={at} style={{ left: percent(axis, at) }} />
      ))}
    </div>
  );
}

function Hidden({ axis, edge }: { axis: Axis; edge: number }) {
  return (
    <>
      <span className={styles.hatch} style={{ left: percent(axis, edge) }} />
      <span className={styles.asOf} style={{ left: percent(axis, edge) }} />
      {(axis.until - edge) / (axis.until - axis.since) > 0.16 && (
        <p className={styles.hidden} style={{ left: `calc(${percent(axis, (edge + axis.until) / 2)})` }}>
          <b>After {timeOfDay(edge)}</b>hidden, not yet known
        </p>
      )}
    </>
  );
}

function usePlotWidth(): [(element: HTMLElement | null) => void, number] {
  const [width, setWidth] = useState(0);
  const watching = useRef<ResizeObserver | null>(null);
  const place = useCallback((element: HTMLElement | null) => {
    watching.current?.disconnect();
    if (!element) return;
    const measure = () => setWidth(Math.max(0, element.clientWidth - GUTTER - LAST));
    watching.current = new ResizeObserver(measure);
    watching.current.observe(element);
    measure();
  }, []);
  useEffect(() => () => watching.current?.disconnect(), []);
  return [place, width];
}

/** The moment under the pointer, while it is over the plots. */
function useReading(axis: Axis, width: number) {
  const [reading, setReading] = useState<number | undefined>(undefined);
  const onPointerMove = (event: PointerEvent<HTMLElement>) => {
    const left = event.clientX - event.currentTarget.getBoundingClientRect().left - GUTTER;
    setReading(event.pointerType === "mouse" && left >= 0 && left <= width ? momentAt(axis, left / width) : undefined);
  };
  return { reading, onPointerMove, onPointerLeave: () => setReading(undefined) };
}
