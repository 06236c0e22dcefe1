/** Who this is, above everything else: name, identifiers, age, place, doctor, allergies; and what makes the record doubtful. */

import styles from "@/patient/Banner.module.css";
import type { WholePatient } from "@/patient/types";
import { birthDate, moment } from "@/time/words";

const DAY_MS = 86_400_000;

export interface Said {
  name: string;
  value: string;
}

interface Props {
  patient: WholePatient;
  /** What the page is about besides the patient, in place of the stay. */
  about?: readonly Said[] | undefined;
}

export function Banner({ patient, about }: Props) {
  const { place } = patient;
  const colour = colourOf(patient.id);
  return (
    <>
      <header className={styles.banner}>
        <span className={styles.bar} style={{ background: colour }} />
        <span className={styles.photo} style={{ color: colour }} aria-hidden="true">
          {(patient.given[0] ?? "") + (patient.family[0] ?? "") || "–"}
        </span>
        <div className={styles.who}>
          <h1>
            <span>{patient.family || "Name not known"}</span>
            {patient.given && `, ${patient.given}`}
          </h1>
          <p>{identity(patient)}</p>
        </div>
        <dl className={styles.facts}>
          <Fact name="Hospital number" value={patient.identifiers[0]?.number ?? "– none"} bold />
          <Fact name="Place" value={placeShown(patient)} bold />
          {about?.map((each) => (
            <Fact key={each.name} {...each} />
          ))}
          {!about && place.is_in && place.admitted_at && (
            <Fact
              name={`Admitted ${moment(place.admitted_at, Date.parse(patient.as_of))}, day ${dayOfStay(patient)}`}
              value={place.reason || place.service || "– no reason sent"}
            />
          )}
          {!about && place.doctor && <Fact name="Doctor" value={place.doctor} />}
          {!about && patient.assigned["nurse"] && <Fact name="Nurse" value={patient.assigned["nurse"]} />}
        </dl>
        <Allergies patient={patient} />
      </header>
      <Doubts patient={patient} />
    </>
  );
}

function identity(patient: WholePatient): string {
  const sex = { M: "male", F: "female" }[patient.sex] ?? patient.sex;
  const age = patient.age_years;
  return [patient.born ? `Born ${birthDate(patient.born)}` : "Birth date not known", age !== null && age !== undefined && `${age} y`, sex]
    .filter(Boolean)
    .join(", ");
}

function placeShown({ place }: WholePatient): string {
  if (!place.is_in) return "Not in the hospital";
  return [place.unit, place.bed && `bed ${place.bed}`].filter(Boolean).join(", ") || "In the hospital";
}

/** The day of admission is day 1. */
function dayOfStay({ place, as_of: asOf }: WholePatient): number {
  return Math.floor((Date.parse(asOf) - Date.parse(place.admitted_at ?? asOf)) / DAY_MS) + 1;
}

function Fact({ name, value, bold = false }: { name: string; value: string; bold?: boolean }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd title={value}>{bold ? <b>{value}</b> : value}</dd>
    </div>
  );
}

function Allergies({ patient }: { patient: WholePatient }) {
  if (patient.left_out.includes("allergies"))
    return (
      <p className={styles.noAllergies}>
        <span>Allergies</span>– not shown to your role
      </p>
    );
  if (patient.allergies.length === 0)
    return (
      <p className={styles.noAllergies}>
        <span>Allergies</span>– none recorded
      </p>
    );
  return (
    <div className={styles.allergies}>
      <span>Allergies</span>
      {patient.allergies.map((each, index) => (
        <p key={index}>
          <b>
            {each.text || each.code}
            {each.reaction && ":"}
          </b>
          {each.reaction && ` ${each.reaction}`}
        </p>
      ))}
    </div>
  );
}

/** What a reader must know before trusting what stands below. */
function Doubts({ patient }: { patient: WholePatient }) {
  const now = Date.parse(patient.as_of);
  const said = [
    ...(patient.died ? ["This patient has died."] : []),
    ...(patient.left_out.includes("gaps") ? [] : patient.gaps).map(
      (gap) => `A message about this patient could not be read at ${moment(gap.since, now)}: something may be missing. ${gap.reason}`,
    ),
    ...(patient.left_out.includes("disputes") ? [] : patient.disputes).map(
      (each) => `Two sources disagree about the ${each.what.replaceAll("_", " ")}: ${each.values.join(" or ")}. Somebody must settle it.`,
    ),
    ...Object.entries(patient.not_running).map(([id, each]) => `${id} is not watched since ${moment(each.since, now)}. The rest goes on.`),
  ];
  if (said.length === 0) return null;
  return (
    <ul className={styles.doubts}>
      {said.map((each) => (
        <li key={each}>{each}</li>
      ))}
    </ul>
  );
}

/** One of four calm colours, always the same for the same record: two open patients do not look alike. */
function colourOf(id: string): string {
  let sum = 0;
  for (const letter of id) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 4_001;
  return `var(--patient-${(sum % 4) + 1})`;
}
