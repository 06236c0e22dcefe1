import { describe, expect, it } from "vitest";
import { biggestChange } from "@/patient/Changed";
import { drugRows } from "@/patient/rows";
import { summaryOf } from "@/patient/summary";
import { changeWords } from "@/patient/trend";
import type { Order, ScorePoint, TimelineAnswer } from "@/patient/types";

const answer = { outcome: "finding" as const, value: 0, missing: [] as string[], reason: "", summary: "" };
const point = (at: string, value: number): ScorePoint => ({ at, value, outcome: "finding", severity: "none" });
const NOW = Date.parse("2026-11-14T05:00:00Z");

describe("the line beside an answer", () => {
  it("does not repeat the name and the value that stand above it", () => {
    expect(summaryOf("MEWS", { ...answer, value: 2, summary: "MEWS 2, below the limit of 5" })).toBe("Below the limit of 5");
    expect(summaryOf("KDIGO AKI", { ...answer, value: 2, summary: "AKI stage 2: 0.26 mL/kg/h over 12 hours" })).toBe(
      "0.26 mL/kg/h over 12 hours",
    );
    expect(
      summaryOf("eGFR", { ...answer, value: 81.3, summary: "eGFR 81 mL/min/1.73 m²; whether creatinine is steady is not known" }),
    ).toBe("Whether creatinine is steady is not known");
    expect(
      summaryOf("Critical laboratory values: potassium", { ...answer, value: 3.8, summary: "Potassium 3.8 mmol/L: not critical" }),
    ).toBe("Not critical");
  });

  it("stays whole where it says something else", () => {
    expect(summaryOf("KDIGO AKI", { ...answer, value: 0, summary: "No AKI by creatinine, urine output not known" })).toBe(
      "No AKI by creatinine, urine output not known",
    );
    expect(summaryOf("Shock index", { ...answer, value: 0.57, summary: "Systolic 151 mm[Hg]" })).toBe("Systolic 151 mmHg");
  });

  it("says what is missing of an incomplete score", () => {
    expect(summaryOf("SIRS criteria", { ...answer, outcome: "at_least", value: 1, missing: ["white_cells"] })).toBe(
      "At least: white cells missing",
    );
  });
});

describe("how a score came to be what it is", () => {
  it("names the value before and since when it is no longer that", () => {
    const points = [point("2026-11-14T01:00:00Z", 2), point("2026-11-14T04:08:00Z", 7), point("2026-11-14T04:30:00Z", 7)];
    expect(changeWords({ value: 7, at: "2026-11-14T04:30:00Z" }, points, NOW)).toBe("up from 2 at 04:08");
  });

  it("leaves out what was answered after it: the history is fetched apart", () => {
    const points = [point("2026-11-14T01:00:00Z", 6), point("2026-11-14T04:00:00Z", 5), point("2026-11-14T04:10:00Z", 4)];
    expect(changeWords({ value: 5, at: "2026-11-14T04:00:00Z" }, points, NOW)).toBe("down from 6 at 04:00");
  });

  it("names the input whose points changed most", () => {
    const reason = (input: string, points: number) => ({ input, points, value: 0, band: "" });
    expect(
      biggestChange([reason("pulse", 0), reason("systolic_pressure", 0)], [reason("pulse", 1), reason("systolic_pressure", 2)]),
    ).toEqual({
      input: "systolic_pressure",
      from: 0,
      to: 2,
    });
    expect(biggestChange([reason("pulse", 1)], [reason("pulse", 1)])).toBeNull();
  });
});

describe("the drugs of the window", () => {
  const order = (status: string, ended: boolean): Order => ({
    id: status,
    at: "2026-11-14T04:00:00Z",
    recorded_at: "2026-11-14T04:00:00Z",
    source: "PHARMACY",
    order: status,
    what: "warfarin",
    status,
    ended,
    category: "medication",
    dose: "5 mg",
    route: "PO",
    frequency: "QD",
    starts_at: "2026-11-14T01:00:00Z",
    orderer: "",
  });
  const until = (...orders: Order[]) =>
    drugRows({ orders, given: [] as TimelineAnswer["given"] } as TimelineAnswer)[0]?.orders.map((each) => each.until);

  it("end where the server says they ended, whatever word their sender has for it", () => {
    expect(until(order("DR", true), order("stopped", true), order("HD", false))).toEqual([
      Date.parse("2026-11-14T04:00:00Z"),
      Date.parse("2026-11-14T04:00:00Z"),
      undefined,
    ]);
  });
});
