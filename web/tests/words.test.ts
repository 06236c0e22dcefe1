import { beforeEach, describe, expect, it } from "vitest";
import { contextWords, factWords, isMine, scoreShown, scoreWords } from "@/board/words";
import { age, birthDate, date, due, duration, moment, setZone, shortAge, timeOfDay } from "@/time/words";
import { alert, row } from "./rows";

const NOW = Date.parse("2026-11-14T04:12:00Z");

beforeEach(() => setZone("UTC"));

describe("times", () => {
  it.each([
    [30, "< 1 min"],
    [4 * 60, "4 min"],
    [2 * 3_600 + 7 * 60, "2 h 07 min"],
    [3 * 86_400 + 4 * 3_600, "3 d 4 h"],
  ])("%i seconds are %s", (seconds, words) => expect(duration(seconds)).toBe(words));

  it("are said to the second below a minute where that matters", () => expect(shortAge(41)).toBe("41 s"));

  it("are the hospital's, wherever the screen stands", () => {
    setZone("Asia/Kathmandu");
    expect(timeOfDay("2026-11-14T04:12:00Z")).toBe("09:57");
  });

  it("name the day only when it is not today", () => {
    expect([moment("2026-11-14T03:51:00Z", NOW), moment("2026-11-11T14:52:00Z", NOW)]).toEqual(["03:51", "11 Nov 14:52"]);
  });

  it("name the weekday in the bar", () => expect(date(NOW)).toBe("Sat 14 Nov 2026"));

  it.each([
    ["2026-11-14T04:38:00Z", "due 04:38"],
    ["2026-11-14T04:13:00Z", "due now"],
    ["2026-11-14T04:03:00Z", "overdue 9 min"],
  ])("%s is %s at 04:12", (at, words) => expect(due(at, NOW)).toBe(words));

  it("are never younger than now when two clocks disagree", () => expect(age("2026-11-14T04:12:09Z", NOW)).toBe("< 1 min"));

  it("a birth date is as precise as it is known", () => {
    expect([birthDate("1955-03-03"), birthDate("1955")]).toEqual(["3 Mar 1955", "1955"]);
  });
});

describe("what a row says", () => {
  const scored = (score: object, more = {}) => row("4", { score: { ...row("4").score, ...score }, ...more });

  it("an incomplete score says what is missing and never looks complete", () => {
    const incomplete = scored({ value: 7, outcome: "at_least", words: "temperature missing" });
    expect([scoreShown(incomplete.score), scoreWords(incomplete, NOW)]).toEqual(["≥ 7", "At least 7: temperature missing"]);
  });

  it("a stale score says from when it is", () => {
    expect(scoreWords(scored({ value: 3, stale: true, as_of: "2026-11-13T22:14:00Z" }), NOW)).toBe("as of 13 Nov 22:14");
  });

  it("a missing score is a dash", () => expect(scoreShown(scored({ value: null }).score)).toBe("–"));

  it("a score that stays where action is needed says for how long", () => {
    expect(scoreWords(scored({ words: "same", since: "2026-11-13T22:10:00Z" }, { needs_action: true }), NOW)).toBe("same for 6 h");
  });

  it("a change has its time", () => {
    expect(factWords({ fact: "NEWS2 2 → 7", context: "", at: "2026-11-14T04:08:00Z", new: true }, NOW)).toBe("NEWS2 2 → 7 at 04:08");
  });

  it("no change has its beginning", () => {
    expect(factWords({ fact: "No change", context: "", at: "2026-11-14T00:05:00Z", new: false }, NOW)).toBe("No change since 00:05");
  });

  it("an acknowledged alert says who and when, and says you to you", () => {
    const taken = alert("a", { state: "acknowledged", acknowledged_by: "Amelia Brandt", acknowledged_at: "2026-11-14T04:12:00Z" });
    expect(contextWords(row("12", { alert: taken }), "Amelia Brandt", NOW)).toBe("Acknowledged 04:12 by you");
  });

  it("is mine as nurse or as doctor, and nobody's for an empty name", () => {
    expect([isMine({ nurse: "Amelia Brandt", doctor: "" }, "Amelia Brandt"), isMine({ nurse: "", doctor: "" }, "")]).toEqual([true, false]);
  });
});
