/** What the diagnosis doors answer about a patient. */

import type { Time } from "@/api/types";

export type Kind = "history" | "symptom" | "sign" | "test";

export interface Evidence {
  question: string;
  words: string;
  answer: string;
  ratio: number;
  source: string;
}

export interface Explanation {
  id: string;
  code: string;
  name: string;
  probability: number;
  before: number;
  urgency: "emergency" | "urgent" | "routine";
  evidence_for: Evidence[];
  evidence_against: Evidence[];
  without_figure: number;
}

export interface Outlook {
  answer: string;
  chance: number;
  leading: string;
  probability: number;
}

export interface NextQuestion {
  question: string;
  words: string;
  kind: Kind;
  bits: number;
  outlook: Outlook[];
}

export interface RedFlag {
  id: string;
  name: string;
  action: string;
  because: string[];
  source: string;
  at?: Time;
}

export interface Answered {
  question: string;
  words: string;
  answer: string;
  origin: "record" | "given";
}

export interface Picture {
  patient: string;
  as_of: Time;
  restricted: number;
  presentation: string;
  standing: "verified" | "provisional";
  red_flags: RedFlag[];
  not_enough: string;
  differential: Explanation[];
  next_questions: NextQuestion[];
  answered: Answered[];
}

export interface PresentationQuestion {
  id: string;
  words: string;
  kind: Kind;
  answers: string[];
}

export interface Presentation {
  id: string;
  title: string;
  source: string;
  questions: PresentationQuestion[];
  red_flags: PresentationQuestion[];
}

export interface Presentations {
  presentations: Presentation[];
}

/** Findings somebody states or supposes; one that is left out is whatever the record says. */
export type Supposed = Readonly<Record<string, string>>;
