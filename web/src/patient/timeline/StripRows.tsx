/** Oxygen and consciousness as strips: the resting state is a thin grey line, anything else is thicker and says what it is. */

import { find } from "@/patient/rows";
import { Row } from "@/patient/timeline/Row";
import { useSheet, x } from "@/patient/timeline/sheet";
import styles from "@/patient/timeline/Timeline.module.css";
import type { TimelineAnswer } from "@/patient/types";
import { age, moment } from "@/time/words";

const HEIGHT = 28;
/** ACVPU, as on the NEWS2 chart (RCP 2017, chart 1). */
const ACVPU: Record<string, string> = { A: "Alert", C: "New confusion", V: "Responds to voice", P: "Responds to pain", U: "Unresponsive" };
/** What was charted counts for this long; after that the strip ends. */
const HOLDS_MS = 12 * 3_600_000;

interface Stretch {
  from: number;
  until: number;
  words: string;
  rest: boolean;
}

export function StripRows({ answer }: { answer: TimelineAnswer }) {
  return (
    <>
      <Strip name="Oxygen" states={oxygen(answer)} />
      <Strip name="Consciousness" states={consciousness(answer)} />
    </>
  );
}

export interface State {
  at: number;
  words: string;
  rest: boolean;
}

export function consciousness(answer: TimelineAnswer): State[] {
  const points = find(answer, "consciousness")?.points ?? [];
  return points.map(({ at, value }) => ({ at: Date.parse(at), words: ACVPU[String(value)] ?? String(value), rest: value === "A" }));
}

/** "Air", "Oxygen, 2 L/min": the flow is the one charted within the same minute. */
export function oxygen(answer: TimelineAnswer): State[] {
  const flows = find(answer, "oxygen_flow")?.points ?? [];
  const given = find(answer, "supplemental_oxygen")?.points ?? [];
  if (given.length === 0)
    return flows.map(({ at, value }) => ({ at: Date.parse(at), words: value === 0 ? "Air" : `${value} L/min`, rest: value === 0 }));
  return given.map(({ at, value }) => {
    const flow = flows.find((each) => Math.abs(Date.parse(each.at) - Date.parse(at)) < 60_000)?.value;
    const words = value === "air" ? "Air" : ["Oxygen", flow ? `${flow} L/min` : ""].filter(Boolean).join(", ");
    return { at: Date.parse(at), words, rest: value === "air" };
  });
}

function stretches(states: readonly State[], edge: number): Stretch[] {
  const found: Stretch[] = [];
  for (const [index, state] of states.entries()) {
    const until = Math.min(states[index + 1]?.at ?? edge, state.at + HOLDS_MS, edge);
    const before = found.at(-1);
    if (before && before.words === state.words && before.until >= state.at) before.until = until;
    else found.push({ from: state.at, until, words: state.words, rest: state.rest });
  }
  return found;
}

function Strip({ name, states }: { name: string; states: readonly State[] }) {
  const sheet = useSheet();
  const last = states.at(-1);
  return (
    <Row
      name={name}
      height={HEIGHT}
      said={`${name}: ${
        states
          .map((state) => state.words)
          .filter((words, index, all) => words !== all[index - 1])
          .join(", then ") || "not charted in this window"
      }`}
      last={
        last ? (
          <div className={styles.knownSlim}>
            <b>{last.words.replace("Oxygen, ", "")}</b>
            <small>{age(new Date(last.at).toISOString(), sheet.edge)}</small>
          </div>
        ) : (
          <p className={styles.never}>– not charted</p>
        )
      }
    >
      {stretches(states, sheet.edge).map((each) => {
        const left = Math.max(0, x(sheet, each.from));
        const width = x(sheet, each.until) - left;
        if (width <= 0) return null;
        const fits = !each.rest && each.words.length * 6.6 + 12 < width;
        return (
          <span
            key={each.from}
            className={styles.strip}
            data-rest={each.rest || undefined}
            style={{ left, width }}
            title={`${each.words}, from ${moment(each.from, sheet.edge)}`}
          >
            {fits && each.words}
          </span>
        );
      })}
    </Row>
  );
}
