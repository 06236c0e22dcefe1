import { describe, expect, it } from "vitest";
import { answerLabels, counts, drawn, hit } from "@/library/chart";
import { fieldsOf, questionFrom, seriesFrom, typedFrom } from "@/library/question";
import type { ChartTable, Input, WholeCapability } from "@/library/types";
import { lasts, valueWords } from "@/library/words";

const input = (name: string, change: Partial<Input> = {}): Input => ({
  name,
  kind: "latest",
  type: "number",
  concepts: [name],
  diseases: [],
  label: name,
  unit: "",
  loinc: [],
  within_hours: 12,
  required: true,
  default: null,
  answers: null,
  plausible: null,
  ...change,
});

const band = (label: string, points: number) => ({ from: null, to: null, points, label });

/** RCP 2017, chart 1. */
const RESPIRATION: ChartTable = {
  input: "respiratory_rate",
  kind: "bands",
  step: 1,
  bands: [band("≤8", 3), band("9–11", 1), band("12–20", 0), band("21–24", 2), band("≥25", 3)],
};
const SCALES: ChartTable = {
  input: "oxygen_saturation",
  kind: "choice",
  by: "spo2_scale",
  tables: [
    { answer: 1, kind: "bands", step: 1, bands: [band("≤91", 3), band("≥96", 0)] },
    { answer: 2, kind: "bands", step: 1, bands: [band("≤83", 3), band("88–92", 0)] },
  ],
};
const AIR: ChartTable = {
  input: "supplemental_oxygen",
  kind: "codes",
  codes: [
    { answer: true, points: 2, label: "oxygen" },
    { answer: false, points: 0, label: "air" },
  ],
};

const capability = (change: Partial<WholeCapability> = {}): WholeCapability => ({
  id: "news2",
  title: "NEWS2",
  question: "",
  version: "2017",
  digest: "",
  about: "encounter",
  reference: "",
  not_for: "under 16 years",
  caution: "",
  additive: true,
  live: true,
  standing: "verified",
  unit: "{score}",
  area: "deterioration",
  cases_passed: 0,
  cases_total: 0,
  not_watched_since: null,
  cases: [],
  inputs: [
    input("respiratory_rate"),
    input("oxygen_saturation"),
    input("spo2_scale", { type: "code", required: false, default: 1, answers: ["1", "2"] }),
  ],
  chart: [RESPIRATION, SCALES, AIR],
  ...change,
});

describe("the band chart", () => {
  it("puts the cell without points in the middle, as the published chart does", () => {
    const [respiration] = drawn(capability()).rows;
    expect(respiration?.cells.map((cell) => [cell.labels[0], cell.column])).toEqual([
      ["≤8", -3],
      ["9–11", -1],
      ["12–20", 0],
      ["21–24", 2],
      ["≥25", 3],
    ]);
  });

  it("draws a table that does not rise to both sides in its own order", () => {
    const odd: ChartTable = { ...RESPIRATION, kind: "bands", step: 1, bands: [band("a", 0), band("b", 2), band("c", 1)] };
    expect(drawn(capability({ chart: [odd] })).rows[0]?.cells.map((cell) => cell.column)).toEqual([0, 1, 2]);
  });

  it("has a row for each scale, and counts the one that is in use, given or by default", () => {
    const [, one, two] = drawn(capability()).rows;
    if (!one || !two) throw new Error("two rows expected");
    expect([counts(one, {}, capability()), counts(two, {}, capability())]).toEqual([true, false]);
    expect([counts(one, { spo2_scale: "2" }, capability()), counts(two, { spo2_scale: "2" }, capability())]).toEqual([false, true]);
  });

  it("marks the cell that the answer names", () => {
    const [respiration] = drawn(capability()).rows;
    if (!respiration) throw new Error("a row expected");
    const because = [{ input: "respiratory_rate", value: 22, points: 2, band: "21–24" }];
    expect(hit(respiration, { outcome: "finding", because })?.labels).toEqual(["21–24"]);
    expect(hit(respiration, { outcome: "refused" })).toBeUndefined();
  });

  it("gives coded answers the chart's words", () => expect(answerLabels(capability(), "supplemental_oxygen").get("true")).toBe("oxygen"));
});

describe("a question", () => {
  const inputs = [
    input("pulse"),
    input("renal_replacement", { type: "boolean" }),
    input("creatinine", { kind: "series", type: "series" }),
    input("results", { kind: "readings", type: "readings" }),
  ];

  it("leaves out what is empty: a missing value is not zero", () => expect(questionFrom(inputs, { pulse: " " })).toEqual({}));

  it("asks what cannot be read as it stands, for the server to refuse", () =>
    expect(questionFrom(inputs, { pulse: "fast", renal_replacement: "daily" })).toEqual({ pulse: "fast", renal_replacement: "daily" }));

  it("reads back what a case gave", () => {
    const given = {
      pulse: 90,
      renal_replacement: false,
      creatinine: [
        { hours: 0, value: 0.9 },
        { hours: 47, value: "<1.2" },
      ],
      results: { potassium: 7.1 },
    };
    expect(questionFrom(inputs, typedFrom(given))).toEqual(given);
  });

  it("has rows for a series that is being typed", () =>
    expect(seriesFrom('[{"hours": "0", "value": ""}]')).toEqual([{ hours: "0", value: "" }]));

  it("asks for age and pregnancy only of what is not for everybody", () => {
    expect(fieldsOf(capability()).map((each) => each.name)).toContain("age_years");
    expect(fieldsOf(capability({ not_for: "" })).map((each) => each.name)).not.toContain("age_years");
  });
});

describe("words", () => {
  it.each([
    [12, "12 h"],
    [72, "3 days"],
    [8_760, "1 year"],
    [8_928, "372 days"],
  ])("%i hours are %s", (hours, words) => expect(lasts(hours)).toBe(words));

  it("write a series by its hours and a minus as a minus", () => {
    expect(
      valueWords([
        { hours: 0, value: 0.9 },
        { hours: 47, value: 1.2 },
      ]),
    ).toBe("0 h: 0.9, 47 h: 1.2");
    expect(valueWords(-1.7, "mmol/L")).toBe("−1.7 mmol/L");
  });
});
