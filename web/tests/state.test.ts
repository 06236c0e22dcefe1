import { describe, expect, it } from "vitest";
import { acted, type BoardState, identity, isNews, received } from "@/board/state";
import { alarm, alert, board, row } from "./rows";

const NOW = "2026-11-14T04:13:00Z";

function opened(...rows: Parameters<typeof board>[0]): BoardState {
  const state = received(null, "present", board(rows));
  if (!state) throw new Error("a present board is a board");
  return state;
}

describe("the board as a fold of what the stream says", () => {
  it("does not draw rows again that did not change", () => {
    const before = opened(row("1"), row("2"));
    const after = received(before, "rows", { now: NOW, rows: [row("2", { nurse: "Grace Mwangi" })], gone: [] });
    expect(after?.rows.get("patient-1")).toBe(before.rows.get("patient-1"));
    expect(after?.rows.get("patient-2")?.nurse).toBe("Grace Mwangi");
  });

  it("keeps every object when the same board is sent again after a break", () => {
    const before = opened(row("1"), alarm("2", 30));
    const after = received(before, "present", board([row("1"), alarm("2", 30)]));
    expect([...(after?.rows.values() ?? [])].every((each) => before.rows.get(each.key) === each)).toBe(true);
  });

  it("takes away the line of a free bed when a patient comes into it", () => {
    const free = row("9", { key: "bed/W7/9", about: null });
    const after = received(opened(free), "rows", { now: NOW, rows: [row("9", { about: "new" })], gone: [] });
    expect([...(after?.rows.keys() ?? [])]).toEqual(["new"]);
  });

  it("takes away who has left", () => {
    const after = received(opened(row("1")), "rows", { now: NOW, rows: [], gone: ["patient-1"] });
    expect(after?.rows.size).toBe(0);
  });

  it("hears nothing before the present board has come", () => {
    expect(received(null, "rows", { now: NOW, rows: [row("1")], gone: [] })).toBeNull();
  });

  it("does not take a tick for news", () => {
    const before = opened(row("1"));
    const after = received(before, "tick", { now: NOW, totals: { ...before.totals }, feeds: [] });
    expect(after?.totals).toBe(before.totals);
    expect(after?.rows).toBe(before.rows);
  });
});

describe("what glows and what sounds", () => {
  it("a changed score is news", () => {
    const before = row("1");
    expect(isNews(before, { ...before, score: { ...before.score, value: 7 } })).toBe(true);
  });

  it("time that has passed is not", () => {
    const before = row("1");
    expect(isNews(before, { ...before, vitals: { ...before.vitals, at: NOW } })).toBe(false);
  });

  it("a new high alarm that nobody has seen sounds, once", () => {
    const first = received(opened(row("1")), "rows", { now: NOW, rows: [alarm("1", 35)], gone: [] });
    const again = received(first, "rows", { now: NOW, rows: [alarm("1", 35, { nurse: "Grace Mwangi" })], gone: [] });
    expect([first?.alarming, again?.alarming]).toEqual([true, false]);
  });

  it("opening a board with old alarms makes no sound", () => {
    expect(opened(alarm("1", 35)).alarming).toBe(false);
  });
});

describe("acting here", () => {
  it("shows the mark as seen at once, and only that row changes", () => {
    const before = opened(alarm("1", 35), alarm("2", 35));
    const after = acted(before, "alert-1", true);
    expect(after.rows.get("patient-1")?.mark.seen).toBe(true);
    expect(after.rows.get("patient-2")).toBe(before.rows.get("patient-2"));
  });
});

describe("FT-37: a bed is not a patient", () => {
  it("another patient in the same bed is another row", () => {
    const before = row("12", { key: "W7/12", about: "okafor", alert: alert("a") });
    expect(identity(before)).not.toBe(identity({ ...before, about: "haddad" }));
  });
});
