import { describe, expect, it } from "vitest";
import { type Arrangement, arranged, kept, waiting } from "@/board/order";
import { alarm, row } from "./rows";

const shown = (needs: string[], rest: string[]): Arrangement => ({ needs, rest });

describe("the order of the board", () => {
  it("puts what needs action first, the most urgent at the top, and the rest by bed as people count", () => {
    const order = arranged([row("10"), row("2"), alarm("7", 20), alarm("12", 35)]);
    expect(order).toEqual(shown(["patient-12 patient-12", "patient-7 patient-7"], ["patient-2 patient-2", "patient-10 patient-10"]));
  });

  it("counts beds among equals: A2 before A10", () => {
    expect(arranged([alarm("A10", 30), alarm("A2", 30)]).needs).toEqual(["patient-A2 patient-A2", "patient-A10 patient-A10"]);
  });
});

describe("while somebody is busy in the table", () => {
  it("nothing that is shown moves, whatever became urgent", () => {
    const before = shown(["a"], ["b", "c"]);
    expect(kept(before, shown(["c", "a"], ["b"]))).toBe(before);
  });

  it("who is new comes last", () => {
    expect(kept(shown(["a"], ["b"]), shown(["new", "a"], ["b"]))).toEqual(shown(["a"], ["b", "new"]));
  });

  it("a line that has left stays in its place, so that the next one does not slip under the finger", () => {
    expect(kept(shown(["a", "b"], []), shown(["b"], []))).toEqual(shown(["a", "b"], []));
  });
});

describe("how many rows would move", () => {
  it.each([
    ["none when the order is the same", shown(["a"], ["b"]), shown(["a"], ["b"]), 0],
    ["one when one rises past two others", shown(["a", "b", "c"], []), shown(["c", "a", "b"], []), 1],
    ["one when one changes its group", shown(["a"], ["b", "c"]), shown(["a", "c"], ["b"]), 1],
    ["one when one has left", shown(["a", "b"], []), shown(["b"], []), 1],
  ])("%s", (_, before, after, expected) => {
    expect(waiting(before, after)).toBe(expected);
  });
});
