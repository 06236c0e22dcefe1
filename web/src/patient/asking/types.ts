/** What the asking doors answer: questions that wait to be asked, and one asked about this patient. */

import type { Time } from "@/api/types";
import type { Assessed, Json } from "@/library/types";

export interface WaitingQuestion {
  id: string;
  title: string;
  question: string;
  standing: "verified" | "provisional";
  area: string;
  answer: Assessed;
}

export interface Answerable {
  patient: string;
  as_of: Time;
  restricted: number;
  questions: WaitingQuestion[];
}

export interface AskedInput {
  name: string;
  value: Json;
  origin: "record" | "given" | "none";
  at?: Time;
}

export interface Asked {
  patient: string;
  capability: string;
  as_of: Time;
  restricted: number;
  answer: Assessed;
  inputs: AskedInput[];
}
