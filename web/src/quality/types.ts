/** Quality measures as the server says them. */

export interface Rate {
  numerator: number;
  of: number;
  share: number | null;
  low: number | null;
  high: number | null;
}

export interface Population {
  name: string;
  words: string;
  count: number;
}

export interface Measure {
  id: string;
  title: string;
  question: string;
  reference: string;
  standing: string;
  populations: Population[];
  rate: Rate | null;
  months: { month: string; rate: Rate }[];
  unanswered: { reason: string; patients: number }[];
}

export interface QualityMetrics {
  state: "running" | "done" | "failed";
  period: string;
  done: number;
  of: number;
  reason: string;
  as_of: string | null;
  patients: number | null;
  measures: Measure[];
}

export interface Member {
  patient: string;
  name: string;
  number: string;
  unit: string;
  bed: string;
  populations: { name: string; words: string; count: number; reasons: { what: string; why: string }[] }[];
}

export interface AuditSupport {
  as_of: string;
  measure: string;
  title: string;
  period: string;
  population: string;
  total: number;
  may_open: number;
  not_shown: number;
  patients: Member[];
}
