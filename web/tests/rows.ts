/** Rows of a board with only what a test wants to say. */

import type { Board, BoardAlert, Row } from "@/api/types";

export function row(bed: string, more: Partial<Row> = {}): Row {
  return {
    key: more.about ?? `patient-${bed}`,
    unit: "W7",
    bed,
    room: "",
    about: `patient-${bed}`,
    family: "Moss",
    given: "Ada",
    sex: "F",
    age_years: 71,
    number: "1001",
    needs_action: false,
    urgency: 0,
    mark: { severity: "none", seen: true, word: "Routine" },
    alert: null,
    score: {
      value: 2,
      outcome: "finding",
      words: "same",
      missing: [],
      previous: null,
      since: null,
      as_of: null,
      stale: false,
      provisional: false,
      severity: "none",
    },
    trend: [],
    changed: { fact: "No change", context: "", at: null, new: false },
    vitals: { at: null, due_at: null, overdue: false },
    task: null,
    nurse: "",
    doctor: "",
    gap: false,
    quiet: [],
    ...more,
  };
}

export function alarm(bed: string, urgency: number, more: Partial<Row> = {}): Row {
  return row(bed, {
    needs_action: true,
    urgency,
    mark: { severity: "high", seen: false, word: "High" },
    alert: alert(`alert-${bed}`),
    ...more,
  });
}

export function alert(id: string, more: Partial<BoardAlert> = {}): BoardAlert {
  return {
    id,
    tier: "page",
    severity: "high",
    summary: "NEWS2 7",
    opened_at: "2026-11-14T04:08:00Z",
    state: "raised",
    acknowledged_by: null,
    acknowledged_at: null,
    escalates_at: null,
    escalates_to: [],
    action: "",
    undo_until: null,
    more: 0,
    ...more,
  };
}

export function board(rows: Row[]): Board {
  return {
    unit: "W7",
    label: "Ward 7",
    as_of: "2026-11-14T04:12:00Z",
    now: "2026-11-14T04:12:00Z",
    simulated: false,
    headline: "news2",
    headline_title: "NEWS2",
    headline_reference: "",
    rows,
    feeds: [],
    not_running: [],
    override_reasons: [],
    totals: {
      beds: 0,
      in_use: 0,
      high: 0,
      high_unseen: 0,
      medium: 0,
      medium_unseen: 0,
      low: 0,
      low_unseen: 0,
      overdue: 0,
      tasks: 0,
      tasks_overdue: 0,
      nurses: null,
    },
  };
}
