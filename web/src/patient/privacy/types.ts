/** What a patient permits and forbids, what is sensitive in the record, and who looked at it. */

import type { Time } from "@/api/types";

export interface Consent {
  id: string;
  status: string;
  /** One sentence a rule. */
  words: string[];
  text: string;
  performer: string;
  stated_at: Time | null;
  recorded_at: Time;
  recorded_by: string;
  starts_at: Time | null;
  ends_at: Time | null;
  /** Whether it holds even when somebody opens the record in an emergency. */
  in_emergencies: boolean;
  reason: string;
}

export interface Sensitive {
  kind: string;
  key: string;
  title: string;
  labels: string[];
  source: "list" | "person";
  reason: string;
  by: string;
  at: Time | null;
}

export interface Choice {
  code: string;
  title: string;
}

export interface Choices {
  labels: Choice[];
  kinds: Choice[];
  units: Choice[];
  roles: Choice[];
}

export interface Consents {
  patient: string;
  as_of: Time;
  consents: Consent[];
  sensitive: Sensitive[];
  whole_record: string[];
  choices: Choices;
  may_write: boolean;
  may_label: boolean;
}

export interface Visit {
  day: string;
  who: string;
  name: string;
  roles: string[];
  units: string[];
  why: "treatment" | "emergency" | "own record" | "oversight" | "app" | "running the hospital";
  app: string;
  what: string[];
  times: number;
  first_at: Time;
  last_at: Time;
  refused: number;
  emergency: string;
  review: string;
}

export interface Visits {
  patient: string;
  as_of: Time;
  visits: Visit[];
  is_whole: boolean;
}
