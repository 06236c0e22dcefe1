import { describe, expect, it } from "vitest";
import { byChannel, figures } from "@/policy/burdenWords";
import { changedLines } from "@/policy/diff";
import { changesBetween, concerning, isToday, moved, same, TODAY } from "@/policy/draft";
import { measures } from "@/policy/measures";
import type { AlertBurden, AlertCounts, Burden, Difference, Kind, Simulated, Slider } from "@/policy/types";
import { groupEffect, headline } from "@/policy/words";

const burden = (change: Partial<Burden> = {}): Burden => ({
  policy: "12",
  since: "2026-10-01T00:00:00Z",
  until: "2026-11-01T00:00:00Z",
  patients: 20,
  patient_days: 100,
  nurse_hours: null,
  units_without_nurses: [],
  pages: 100,
  pages_per_patient_day: 1,
  pages_per_nurse_hour: null,
  worklist_per_patient_day: 0,
  chips_per_patient_day: 0,
  escalations: 0,
  outcomes: 12,
  found: 12,
  sensitivity: [1, 0.76, 1],
  lead_time_seconds: 3_600,
  pages_followed: 12,
  pages_counted: 100,
  quiet: [],
  hour_of_day: Array<number>(24).fill(0),
  assumption: "",
  ...change,
});

const difference = (kind: Kind, by: number | null = null, outcome: Difference["outcome"] = null): Difference => ({
  kind,
  why: "raised",
  at: "2026-10-14T02:06:00Z",
  patient: "k7q2",
  capability: "news2",
  key: "",
  by_seconds: by,
  outcome,
});

const event = { patient: "k7q2", at: "2026-10-14T09:50:00Z", what: "intensive care" };

function simulated(change: Partial<Simulated>, proposed: Partial<Burden> = {}, today: Partial<Burden> = {}): Simulated {
  const none = { gone: 0, later: 0, earlier: 0, level: 0, new: 0 };
  return { today: burden(today), proposed: burden(proposed), counts: none, reasons: [], differences: [], lost: [], gained: [], ...change };
}

describe("the headline", () => {
  it("is the story of journey 7 in one sentence", () => {
    const result = simulated(
      { counts: { gone: 61, later: 1, earlier: 0, level: 0, new: 0 }, differences: [difference("later", 1_200)] },
      { pages: 39 },
    );
    expect(headline(result)).toBe("61 % fewer pages, the same 12 events found, one page 20 min later");
  });

  it("never hides an event that would be missed", () =>
    expect(headline(simulated({ lost: [event] }, { pages: 50, found: 11 }))).toBe("50 % fewer pages, one event no longer found"));

  it("says how late pages come at most", () => {
    const later = [difference("later", 600), difference("later", 7_620)];
    expect(headline(simulated({ counts: { gone: 0, later: 2, earlier: 0, level: 0, new: 0 }, differences: later }))).toContain(
      "2 pages up to 2 h 07 min later",
    );
  });

  it("counts a page that is only less urgent as neither gone nor new", () =>
    expect(headline(simulated({ counts: { gone: 0, later: 0, earlier: 0, level: 9, new: 0 } }))).toContain("9 pages at another level"));

  it("says so when there was nothing to find", () =>
    expect(headline(simulated({}, { outcomes: 0 }, { outcomes: 0, found: 0 }))).toBe("The same number of pages, no event in this time"));

  it("has no share of nothing", () =>
    expect(headline(simulated({}, { pages: 3 }, { pages: 0 }))).toContain("3 pages where today there is none"));
});

describe("the table", () => {
  it("says a word where a number is not known", () => {
    const nurses = measures(simulated({}))[1];
    expect([nurses?.today, nurses?.detail]).toEqual(["–", "the policy does not say how many nurses"]);
  });

  it("gives the longer bar the whole width", () =>
    expect(measures(simulated({}, { pages_per_patient_day: 0.25 }))[0]?.bars).toEqual([1, 0.25]));
});

it("a group says how many of its pages came before an event, and whether all of them were looked at", () => {
  const group = [difference("gone", null, { what: "intensive care", at: event.at }), difference("gone")];
  expect(groupEffect("gone", group, false)).toBe("one page before an event, of those listed");
});

const slider = (path: string, value: number, severity: Slider["severity"] = "high"): Slider => ({
  path,
  label: "NEWS2 from",
  detail: "",
  severity,
  kind: "threshold",
  value,
  low: 3,
  high: 11,
  step: 1,
  unit: "",
});

describe("a draft", () => {
  it("that is moved back is no draft", () => {
    const there = moved(TODAY, "bundle_minutes", 7, 5);
    expect(isToday(there)).toBe(false);
    expect(isToday(moved(there, "bundle_minutes", 5, 5))).toBe(true);
  });

  it("is the same whatever was moved first", () => {
    const one = moved(moved(TODAY, "a", 1, 0), "b", 2, 0);
    expect(same(one, moved(moved(TODAY, "b", 2, 0), "a", 1, 0))).toBe(true);
    expect(same(one, TODAY)).toBe(false);
  });

  it("says what moves from where to where", () =>
    expect(changesBetween([slider("rules.x.raise.at_least", 7)], [slider("rules.x.raise.at_least", 8)])).toEqual([
      { label: "high: NEWS2 from", was: "7", is: "8" },
    ]));

  it("hears the objections of its own rule and no other", () => {
    const objections = [
      { where: "line 5, rule news2-high", sentence: "has no owner" },
      { where: "escalation", sentence: "ends in silence" },
    ];
    expect(concerning(slider("rules.news2-high.raise.at_least", 7), objections)).toEqual(objections.slice(0, 1));
    expect(concerning(slider("rules.news2.raise.at_least", 7), objections)).toEqual([]);
    expect(concerning(slider("escalation.steps.0.after_minutes", 15), objections)).toEqual(objections.slice(1));
  });
});

describe("the lines somebody signs", () => {
  it("are those that differ, each with its number", () =>
    expect(changedLines("a\nb\nc", "a\nx\nc\nd")).toEqual([
      { sign: "−", number: 2, text: "b" },
      { sign: "+", number: 2, text: "x" },
      { sign: "+", number: 4, text: "d" },
    ]));

  it("are none between equal texts", () => expect(changedLines("a\nb", "a\nb")).toEqual([]));

  it("find a line that was only added", () => expect(changedLines("a\nb", "a\nnew\nb")).toEqual([{ sign: "+", number: 2, text: "new" }]));

  it("find a line that was only taken away", () => expect(changedLines("a\nb\nb", "a\nb")).toEqual([{ sign: "−", number: 3, text: "b" }]));
});

const counts = (change: Partial<AlertCounts> = {}): AlertCounts => ({
  alerts: 8,
  pages: 12,
  acknowledged: 5,
  overridden: 2,
  escalated: 1,
  withdrawn: 1,
  ended_unanswered: 0,
  median_answer_seconds: 240,
  slow_answer_seconds: null,
  ...change,
});

const been = (change: Partial<AlertBurden> = {}): AlertBurden => ({
  since: "2026-10-01T00:00:00Z",
  until: "2026-11-01T00:00:00Z",
  unit: "",
  patient_days: 24,
  alerts_per_patient_day: 1 / 3,
  pages_per_patient_day: 0.5,
  pages_per_nurse_hour: null,
  total: counts(),
  by_capability: [],
  override_reasons: [],
  deliveries: [],
  ...change,
});

describe("what alerts have been", () => {
  const said = (change: Partial<AlertBurden>) => figures(been(change)).map(({ value, detail }) => [value, detail]);

  it("stands on how many there were, in how much time", () =>
    expect(said({}).slice(0, 2)).toEqual([
      ["0.33", "8 alerts in 24 patient-days"],
      ["0.50", "12 pages in 24 patient-days"],
    ]));

  it("divides by nothing smaller than a patient-day", () =>
    expect(said({ patient_days: 0.5, pages_per_patient_day: 24 })[1]).toEqual(["–", "12 pages in less than one patient-day"]));

  it("says why there are no pages per nurse-hour", () => {
    expect(said({})[2]).toEqual(["–", "for one unit at a time"]);
    expect(said({ unit: "W7" })[2]).toEqual(["–", "the policy does not say how many nurses"]);
  });

  it("says how slow the slow answers were, where there are enough", () => {
    expect(said({})[3]).toEqual(["4 min", "too few answers to say how slow"]);
    expect(said({ total: counts({ slow_answer_seconds: 720 }) })[3]).toEqual(["4 min", "nine of ten within 12 min"]);
    expect(said({ total: counts({ median_answer_seconds: null }) })[3]).toEqual(["–", "no page was answered"]);
  });

  it("puts what reached nobody after every channel", () =>
    expect(
      byChannel(
        been({
          deliveries: [
            { channel: "", outcome: "failed", count: 1 },
            { channel: "bleep", outcome: "failed", count: 1 },
            { channel: "bleep", outcome: "sent", count: 9 },
          ],
        }),
      ),
    ).toEqual([
      { channel: "bleep", counts: { failed: 1, sent: 9 } },
      { channel: "", counts: { failed: 1 } },
    ]));
});
