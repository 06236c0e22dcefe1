/** The chart of the made-up EHR: who, why they are here, problems, allergies, drugs, newest values. */

import type { Drug, Person } from "@/sandbox/people";
import styles from "@/sandbox/Sandbox.module.css";

export function Chart({ person }: { person: Person }) {
  return (
    <section className={styles.chart} aria-label="Chart">
      <h2>
        {person.name} <small>{age(person.born)} years</small>
      </h2>
      <p className="fine">{person.story}</p>
      <dl>
        <Row term="Problems" said={person.problems.map(([, text]) => text)} />
        <Row
          term="Allergies"
          said={person.allergies.map(([, text, reaction]) => `${text}: ${reaction.toLowerCase()}`)}
          none="None stated"
        />
        <Row term="Drugs" said={person.drugs.map(drugWords)} />
        <Row term="Values" said={person.measured.map(([, name, value, unit]) => `${name} ${value} ${UNITS[unit] ?? unit}`.trim())} />
      </dl>
    </section>
  );
}

/** UCUM as people write it. */
const UNITS: Record<string, string> = { "{INR}": "", "mm[Hg]": "mmHg", Cel: "°C", "10*3/uL": "×10³/µL" };

function Row({ term, said, none = "None" }: { term: string; said: readonly string[]; none?: string }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{said.length ? said.join(" · ") : none}</dd>
    </div>
  );
}

export const drugWords = (drug: Drug): string => `${drug.name} ${drug.dose} ${drug.unit} ${OFTEN[drug.often]}`;

const OFTEN: Record<Drug["often"], string> = { QD: "once a day", BID: "twice a day", TID: "three times a day", QID: "four times a day" };

function age(born: string): number {
  const now = new Date();
  const [year = 0, month = 1, day = 1] = born.split("-").map(Number);
  const had = now.getMonth() + 1 > month || (now.getMonth() + 1 === month && now.getDate() >= day);
  return now.getFullYear() - year - (had ? 0 : 1);
}
