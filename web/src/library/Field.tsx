/** One input of a question, in the form its type asks for, with its unit and range beside it. */

import { useId } from "react";
import styles from "@/library/TryIt.module.css";
import { seriesFrom, type SeriesRow } from "@/library/question";
import type { Input } from "@/library/types";
import { labelOf, valueWords } from "@/library/words";
import { unitShown } from "@/patient/values";

interface Props {
  input: Input;
  /** The chart's words for coded answers. */
  answers: ReadonlyMap<string, string>;
  value: string;
  onChange: (value: string) => void;
}

export function Field(props: Props) {
  const { input } = props;
  if (input.type === "series") return <SeriesField {...props} />;
  if (input.type === "boolean" || input.type === "code" || input.type === "sex") return <ChoiceField {...props} />;
  return input.type === "number" ? <NumberField {...props} /> : <StructuredField {...props} />;
}

function NumberField({ input, value, onChange }: Props) {
  const id = useId();
  return (
    <div className={styles.field}>
      <label htmlFor={id}>
        {labelOf(input)} <Needed input={input} />
      </label>
      <span className={styles.entry}>
        <input
          id={id}
          aria-describedby={`${id}-says`}
          inputMode="decimal"
          autoComplete="off"
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
        <small id={`${id}-says`}>{unitAndRange(input)}</small>
      </span>
    </div>
  );
}

/** "/min, 0 to 120" */
function unitAndRange({ unit, plausible }: Input): string {
  return [unitShown(unit), plausible && `${plausible[0]} to ${plausible[1]}`].filter(Boolean).join(", ");
}

/** An input that need not be given says what is assumed without it. */
function Needed({ input }: { input: Input }) {
  if (input.required) return null;
  return <small>{input.default === null ? "if known" : `${valueWords(input.default)} if not given`}</small>;
}

function ChoiceField({ input, answers, value, onChange }: Props) {
  const id = useId();
  const choices = choicesOf(input, answers);
  // A case may give what is no answer at all, to show that it is refused.
  const odd = value !== "" && !choices.some(([each]) => each === value);
  return (
    <div className={styles.field}>
      <label htmlFor={id}>
        {labelOf(input)} <Needed input={input} />
      </label>
      <select id={id} className="button" value={value} onChange={(event) => onChange(event.target.value)}>
        <option value="">– not given</option>
        {choices.map(([each, words]) => (
          <option key={each} value={each}>
            {words}
          </option>
        ))}
        {odd && <option value={value}>{value}</option>}
      </select>
    </div>
  );
}

function choicesOf(input: Input, answers: ReadonlyMap<string, string>): [string, string][] {
  if (input.type === "boolean")
    return [
      ["false", answers.get("false") ?? "no"],
      ["true", answers.get("true") ?? "yes"],
    ];
  if (input.type === "sex")
    return [
      ["F", "female"],
      ["M", "male"],
    ];
  return (input.answers ?? []).map((each) => [each, answers.has(each) ? `${each}, ${answers.get(each)}` : each]);
}

/** Values over time: hours on any scale, one row each. */
function SeriesField({ input, value, onChange }: Props) {
  const rows = seriesFrom(value);
  const change = (next: readonly SeriesRow[]) => onChange(next.length === 0 ? "" : JSON.stringify(next));
  const replace = (place: number, part: Partial<SeriesRow>) =>
    change(rows.map((row, each) => (each === place ? { ...row, ...part } : row)));
  const after = String((Number(rows.at(-1)?.hours ?? -1) || 0) + (rows.length === 0 ? 0 : 1));
  return (
    <fieldset className={styles.series}>
      <legend>
        {labelOf(input)} <Needed input={input} />
      </legend>
      {rows.map((row, place) => (
        <p key={place}>
          <input
            aria-label={`${labelOf(input)}, hour of value ${place + 1}`}
            inputMode="decimal"
            value={row.hours}
            onChange={(event) => replace(place, { hours: event.target.value })}
          />
          <small>h</small>
          <input
            aria-label={`${labelOf(input)}, value ${place + 1}`}
            inputMode="decimal"
            value={row.value}
            onChange={(event) => replace(place, { value: event.target.value })}
          />
          <small>{unitShown(input.unit)}</small>
          <button type="button" className="link" onClick={() => change(rows.filter((_, each) => each !== place))}>
            Remove<span className="spoken"> value {place + 1}</span>
          </button>
        </p>
      ))}
      <button type="button" className="link" onClick={() => change([...rows, { hours: after, value: "" }])}>
        Add a value
      </button>
    </fieldset>
  );
}

const READS: Partial<Record<Input["kind"], string>> = {
  readings: 'Results by name, such as {"potassium": 7.1}',
  site: "Decided by the hospital; here to be tried",
  finding: "The answer of another capability, such as 1",
};

/** What has a structure of its own is written as JSON. */
function StructuredField({ input, value, onChange }: Props) {
  const id = useId();
  return (
    <div className={`${styles.field} ${styles.structured}`}>
      <label htmlFor={id}>
        {labelOf(input)} <Needed input={input} />
      </label>
      <textarea
        id={id}
        aria-describedby={`${id}-says`}
        rows={value.length > 60 ? 4 : 1}
        spellCheck={false}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
      <small id={`${id}-says`}>{READS[input.kind] ?? ""}</small>
    </div>
  );
}
