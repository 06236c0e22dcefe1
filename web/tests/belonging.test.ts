import { describe, expect, it } from "vitest";
import { belonging, WrongPatient } from "@/api/belonging";

describe("FT-37: an answer is only shown under the patient it is about", () => {
  it("lets through what is about the one that was asked for", () => {
    const answer = { patient: "okafor", findings: [] };
    expect(belonging("okafor", answer, (each) => each.patient)).toBe(answer);
  });

  it("throws away what is about another, and says about whom", () => {
    expect(() => belonging("okafor", { patient: "haddad" }, (each) => each.patient)).toThrowError(new WrongPatient("okafor", "haddad"));
  });

  it("throws a list away when one of its items is about another", () => {
    expect(() => belonging("okafor", ["okafor", "haddad"], (each) => each)).toThrow(WrongPatient);
  });
});
