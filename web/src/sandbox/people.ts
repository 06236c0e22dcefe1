/** The made-up patients of the sandbox, as FHIR R4 resources whose times are counted back from now: the wall's now, as an EHR has it, and not the log's. */

import type { Resource } from "@/sandbox/types";

export interface Person {
  id: string;
  name: string;
  born: string;
  gender: "female" | "male";
  story: string;
  problems: readonly [code: string, text: string][];
  allergies: readonly [code: string, text: string, reaction: string][];
  drugs: readonly Drug[];
  /** LOINC code, name, value, unit, hours ago. */
  measured: readonly [code: string, name: string, value: number, unit: string, hours: number][];
}

export interface Drug {
  /** RxNorm ingredient. */
  code: string;
  name: string;
  dose: number;
  unit: string;
  /** HL7 table 0335. */
  often: "QD" | "BID" | "TID" | "QID";
}

const WARFARIN: Drug = { code: "11289", name: "Warfarin", dose: 5, unit: "mg", often: "QD" };
const LISINOPRIL: Drug = { code: "29046", name: "Lisinopril", dose: 10, unit: "mg", often: "QD" };
const SPIRONOLACTONE: Drug = { code: "9997", name: "Spironolactone", dose: 25, unit: "mg", often: "QD" };
const METFORMIN: Drug = { code: "6809", name: "Metformin", dose: 500, unit: "mg", often: "BID" };
const SIMVASTATIN: Drug = { code: "36567", name: "Simvastatin", dose: 40, unit: "mg", often: "QD" };

/** What can be ordered here. */
export const FORMULARY: readonly Drug[] = [
  { code: "161", name: "Paracetamol", dose: 1000, unit: "mg", often: "QID" },
  { code: "5640", name: "Ibuprofen", dose: 400, unit: "mg", often: "TID" },
  { code: "1191", name: "Aspirin", dose: 75, unit: "mg", often: "QD" },
  { code: "723", name: "Amoxicillin", dose: 500, unit: "mg", often: "TID" },
  { code: "21212", name: "Clarithromycin", dose: 500, unit: "mg", often: "BID" },
  { code: "10829", name: "Trimethoprim", dose: 200, unit: "mg", often: "BID" },
  { code: "6851", name: "Methotrexate", dose: 10, unit: "mg", often: "QD" },
  WARFARIN,
  LISINOPRIL,
  SPIRONOLACTONE,
  METFORMIN,
  SIMVASTATIN,
];

export const PEOPLE: readonly Person[] = [
  {
    id: "sandbox-almeida",
    name: "Almeida, Ruth",
    born: "1951-04-12",
    gender: "female",
    story: "Knee pain since the weekend",
    problems: [
      ["I48.0", "Atrial fibrillation"],
      ["M17.1", "Osteoarthritis of the knee"],
    ],
    allergies: [],
    drugs: [WARFARIN],
    measured: [
      ["6301-6", "INR", 3.8, "{INR}", 5],
      ["2160-0", "Creatinine", 1.1, "mg/dL", 5],
      ["718-7", "Haemoglobin", 11.9, "g/dL", 5],
      ["8867-4", "Pulse", 84, "/min", 1],
      ["8480-6", "Systolic pressure", 138, "mm[Hg]", 1],
    ],
  },
  {
    id: "sandbox-tanaka",
    name: "Tanaka, Hiro",
    born: "1958-09-30",
    gender: "male",
    story: "Weak and nauseous, heart failure for years",
    problems: [
      ["I50.9", "Heart failure"],
      ["N18.3", "Chronic kidney disease, stage 3"],
    ],
    allergies: [],
    drugs: [LISINOPRIL, SPIRONOLACTONE],
    measured: [
      ["2823-3", "Potassium", 6.7, "mmol/L", 1],
      ["2160-0", "Creatinine", 2.3, "mg/dL", 1],
      ["2951-2", "Sodium", 134, "mmol/L", 1],
      ["8867-4", "Pulse", 52, "/min", 1],
      ["8480-6", "Systolic pressure", 104, "mm[Hg]", 1],
    ],
  },
  {
    id: "sandbox-lindqvist",
    name: "Lindqvist, Grace",
    born: "1963-01-22",
    gender: "female",
    story: "Cough and fever for three days",
    problems: [["J18.9", "Pneumonia"]],
    allergies: [["7980", "Penicillin", "Hives"]],
    drugs: [SIMVASTATIN],
    measured: [
      ["9279-1", "Respirations", 26, "/min", 0.5],
      ["59408-5", "SpO₂", 91, "%", 0.5],
      ["8310-5", "Temperature", 39.2, "Cel", 0.5],
      ["8867-4", "Pulse", 118, "/min", 0.5],
      ["8480-6", "Systolic pressure", 96, "mm[Hg]", 0.5],
      ["6690-2", "White cells", 17.4, "10*3/uL", 2],
    ],
  },
];

const hoursAgo = (hours: number): string => new Date(Date.now() - hours * 3_600_000).toISOString();
const RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm";

function coded(system: string, code: string, text: string) {
  return { coding: [{ system, code, display: text }], text };
}

/** Everything the sandbox's FHIR server would hold of one patient. */
export function recordOf(person: Person): Resource[] {
  const subject = { reference: `Patient/${person.id}` };
  const [family, given] = person.name.split(", ");
  return [
    { resourceType: "Patient", id: person.id, gender: person.gender, birthDate: person.born, name: [{ family, given: [given] }] },
    ...person.problems.map(([code, text]) => ({
      resourceType: "Condition",
      id: `c-${code}`,
      subject,
      code: coded("http://hl7.org/fhir/sid/icd-10-cm", code, text),
      clinicalStatus: { coding: [{ code: "active" }] },
      recordedDate: hoursAgo(24 * 400),
    })),
    ...person.allergies.map(([code, text, reaction]) => ({
      resourceType: "AllergyIntolerance",
      id: `a-${code}`,
      patient: subject,
      code: coded(RXNORM, code, text),
      category: ["medication"],
      reaction: [{ manifestation: [{ text: reaction }] }],
      recordedDate: hoursAgo(24 * 400),
    })),
    ...person.drugs.map((drug) => orderOf(person, drug, "active", hoursAgo(24 * 90))),
    ...person.measured.map(([code, name, value, unit, hours]) => ({
      resourceType: "Observation",
      id: `o-${code}`,
      status: "final",
      subject,
      code: coded("http://loinc.org", code, name),
      effectiveDateTime: hoursAgo(hours),
      valueQuantity: { value, unit, code: unit, system: "http://unitsofmeasure.org" },
    })),
  ];
}

export function orderOf(person: Person, drug: Drug, status: "active" | "draft", authoredOn: string): Resource {
  return {
    resourceType: "MedicationRequest",
    id: `${status}-${drug.code}`,
    status,
    intent: "order",
    subject: { reference: `Patient/${person.id}` },
    authoredOn,
    medicationCodeableConcept: coded(RXNORM, drug.code, drug.name),
    dosageInstruction: [
      {
        route: { text: "oral" },
        timing: { code: { coding: [{ code: drug.often }] } },
        doseAndRate: [{ doseQuantity: { value: drug.dose, unit: drug.unit } }],
      },
    ],
  };
}
