/** What a survival model was told about this person, and what its card says it is worth. */

import styles from "@/imaging/Case.module.css";
import type { Prognosis } from "@/imaging/types";

type Curve = NonNullable<Prognosis["curve"]>;

/** As `wardline train survival` writes it; what a card does not say is not shown. */
interface Card {
  population?: string;
  persons?: number;
  events?: number;
  /** Harrell's C: value, and the ends of its interval. */
  measured?: { c_harrell?: readonly (number | null)[] };
  warnings?: readonly string[];
}

const NAMES: Record<string, string> = { age_years: "Age, years", male: "Male", lesions: "Lesion candidates" };

export function ModelCard({ curve: { features, model } }: { curve: Curve }) {
  const { population, persons, events, measured, warnings } = model.card as Card;
  const c = measured?.c_harrell;
  const rows: [string, string][] = [
    ...Object.entries(features).map(([name, value]): [string, string] => [NAMES[name] ?? name, shown(name, value)]),
    ["Model", `${model.title} (${model.kind}), ${model.digest.slice(0, 12)}`],
    ...(population ? [["Trained on", population] as [string, string]] : []),
    ...(persons === undefined ? [] : [["Persons, events", `${persons}, ${events ?? "–"}`] as [string, string]]),
    ...(c?.[0] == null ? [] : [["Harrell’s C, in people it had not seen", concordance(c)] as [string, string]]),
  ];
  return (
    <>
      <dl>
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {warnings?.map((each) => (
        <p key={each} className={styles.said}>
          <b>Careful:</b> {each}
        </p>
      ))}
    </>
  );
}

const shown = (name: string, value: number): string =>
  name === "male" ? (value === 1 ? "yes" : "no") : String(Number(value.toPrecision(4)));

function concordance([value, low, high]: readonly (number | null)[]): string {
  const fixed = (each: number): string => each.toFixed(3);
  return low == null || high == null ? fixed(value ?? 0) : `${fixed(value ?? 0)} (${fixed(low)} to ${fixed(high)})`;
}
