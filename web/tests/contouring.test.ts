/** Drawing in a mask: what a brush holds, what a hot spot is, what an undo gives back, and what is sent. */

import { inflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { changesOf, contoursOf } from "@/imaging/contouring/changes";
import { Draft } from "@/imaging/contouring/draft";
import { packed } from "@/imaging/contouring/queries";
import { hotSpot, type Stroke, swept } from "@/imaging/contouring/strokes";
import type { Opened } from "@/imaging/contouring/useDrawing";
import { spokenOf } from "@/imaging/report/saving";
import { medianOf, stepBand, stepLine } from "@/imaging/survival";
import type { Position } from "@/imaging/types";
import { cut, middleOf } from "@/imaging/viewer/shapes";
import { pointAt, type Voxels } from "@/imaging/viewer/sphere";

/** Ten by ten by ten voxels of 4 mm; `hot` says what is warm in them. */
const grid = (hot: Record<number, number> = {}): Voxels => ({
  dimensions: [10, 10, 10],
  spacing: [4, 4, 4],
  origin: [-18, -18, 100],
  direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  voxelManager: { getAtIJK: (i, j, k) => hot[i + 10 * j + 100 * k] ?? 0 },
});
const at = (i: number, j: number, k: number): Position => pointAt(grid(), [i, j, k]);
const stroke = (from: Position, to: Position = from): Stroke => ({ from, to, normal: [0, 0, 1] });
const sorted = (places: readonly number[]): number[] => [...places].sort((a, b) => a - b);

describe("a brush", () => {
  it("holds what lies within its radius: a ball in every slice, a disc in one", () => {
    expect(sorted(swept(grid(), stroke(at(5, 5, 5)), 4.1, false))).toEqual([455, 545, 554, 555, 556, 565, 655]);
    expect(sorted(swept(grid(), stroke(at(5, 5, 5)), 4.1, true))).toEqual([545, 554, 555, 556, 565]);
  });

  it("leaves no gap when the hand is fast, and holds at least the voxel it is in", () => {
    expect(sorted(swept(grid(), stroke(at(2, 5, 5), at(6, 5, 5)), 1, false))).toEqual([552, 553, 554, 555, 556]);
    const [x, y, z] = at(5, 5, 5);
    expect(swept(grid(), stroke([x + 1.5, y + 1.5, z + 1.5]), 1, false)).toEqual([555]);
  });

  it("ends at the edge of the images", () => {
    expect(sorted(swept(grid(), stroke(at(0, 0, 0)), 4.1, false))).toEqual([0, 1, 10, 100]);
  });
});

describe("a hot spot", () => {
  it("is what hangs together by faces from the hottest voxel in the ball and reaches the share", () => {
    const warm = grid({ 555: 10, 556: 4.2, 557: 4, 566: 4.1, 577: 9 });
    // 41 % of 10 is 4.1: 557 is too cold, 577 touches nothing warm, 566 hangs on 556.
    expect(hotSpot(warm, at(5, 5, 5), 20, 0.41)).toEqual({ places: [555, 556, 566], highest: 10 });
  });

  it("ends at the ball, does not run around the edge of the images, and is none where nothing is warm", () => {
    const row = Object.fromEntries([...Array(10).keys()].map((i) => [550 + i, 5]));
    expect(sorted(hotSpot(grid(row), at(5, 5, 5), 4.1, 0.41)?.places ?? [])).toEqual([554, 555, 556]);
    expect(sorted(hotSpot(grid({ 559: 5, 560: 5 }), at(9, 5, 5), 60, 0.41)?.places ?? [])).toEqual([559]);
    expect(hotSpot(grid(), at(5, 5, 5), 20, 0.41)).toBeUndefined();
  });
});

describe("a draft", () => {
  /** Lesion 1, lesion 2, normal uptake 3, nothing. */
  const draft = () => new Draft(Uint8Array.from([1, 1, 2, 3, 0, 0]), [1, 2]);

  it("changes the chosen lesion only: others stay, normal uptake and nothing may be drawn over", () => {
    const open = draft();
    open.draw([0, 2, 3, 4], 1);
    expect([...open.voxels]).toEqual([1, 1, 2, 1, 1, 0]);
    open.erase([0, 2, 3, 4, 5], 1);
    expect([...open.voxels]).toEqual([0, 1, 2, 3, 0, 0]);
  });

  it("gives back what one movement of the hand did, as one, and again", () => {
    const open = draft();
    open.draw([4], 1);
    open.draw([5], 1);
    open.lift();
    open.erase([5, 0], 1);
    open.lift();
    expect(sorted(open.undo())).toEqual([0, 5]);
    expect([...open.voxels]).toEqual([1, 1, 2, 3, 1, 1]);
    open.undo();
    expect([...open.voxels]).toEqual([...open.before]);
    expect(open.steps).toEqual({ made: 0, takenBack: 2 });
    open.redo();
    open.redo();
    expect([...open.voxels]).toEqual([0, 1, 2, 3, 1, 0]);
    open.undo();
    open.draw([3], 2);
    open.lift();
    expect(open.steps).toEqual({ made: 2, takenBack: 0 });
  });

  it("forgets what a hand began that then did something else", () => {
    const open = draft();
    open.draw([4], 1);
    open.lift();
    open.draw([3, 5], 1);
    expect(sorted(open.cancel())).toEqual([3, 5]);
    open.lift();
    expect([...open.voxels]).toEqual([1, 1, 2, 3, 1, 0]);
    expect(open.steps).toEqual({ made: 1, takenBack: 0 });
  });

  it("gives a new lesion a number that nothing has", () => {
    const open = draft();
    expect(open.another([4])).toBe(5);
    expect(open.another([4])).toBe(6);
    expect(
      new Draft(
        new Uint8Array(1),
        Array.from({ length: 255 }, (_, index) => index + 1),
      ).another([]),
    ).toBeUndefined();
  });

  it("says what it comes to, and sends just that", async () => {
    const open = draft();
    const fresh = open.another([]) ?? 0;
    open.erase([2], 2);
    open.draw([4], 1);
    open.draw([5], fresh);
    const target = (number: number, key: string, isNew = false) => ({ number, key, site: " lung ", isNew });
    const targets = [target(1, "L1"), target(2, "L2"), target(fresh, "New 1", true)];
    const opened = {
      draft: open,
      targets,
      volume: { spacing: [10, 10, 10] },
      mask: { id: "a1", shape: [1, 2, 3] },
      bytes: 2,
    } as never as Opened;
    const changes = changesOf(opened);
    expect(changes.map(({ target: { key }, what, before, now }) => [key, what, before, now])).toEqual([
      ["L1", "changed", 2, 3],
      ["L2", "removed", 1, 0],
      ["New 1", "new", 0, 1],
    ]);
    const { voxels, ...rest } = contoursOf(opened, changes, " into the bladder ");
    expect(rest).toEqual({
      based_on: "a1",
      shape: [1, 2, 3],
      bytes: 2,
      new: [{ number: 4, site: "lung" }],
      removed: ["L2"],
      note: "into the bladder",
    });
    const sent = inflateSync(Buffer.from(await packed(Uint16Array.from(voxels)), "base64"));
    expect([...sent]).toEqual([1, 0, 1, 0, 0, 0, 3, 0, 1, 0, 4, 0]);
  });
});

describe("a measurement by hand", () => {
  const plane = (z: number) => ({ point: [0, 0, z] as Position, normal: [0, 0, 1] as Position, half: 2 });
  const sphere = {
    kind: "sphere" as const,
    points: [
      [0, 0, 0],
      [5, 0, 0],
    ] as Position[],
  };

  it("of a sphere is cut smaller away from its middle, and not beyond it", () => {
    const reach = (z: number) => Math.max(...cut(sphere, plane(z)).line.map(([x, y]) => Math.hypot(x, y)));
    expect(reach(0)).toBeCloseTo(5);
    expect(reach(3)).toBeCloseTo(4);
    expect(cut(sphere, plane(6)).line).toEqual([]);
  });

  it("of a length or an ellipse is shown in its own slice only", () => {
    const length = {
      kind: "length" as const,
      points: [
        [0, 0, 1],
        [3, 4, 1],
      ] as Position[],
    };
    expect(cut(length, plane(0)).line).toEqual(length.points);
    expect(cut(length, plane(4)).line).toEqual([]);
    const ellipse = {
      kind: "ellipse" as const,
      points: [
        [0, -2, 0],
        [0, 2, 0],
        [-6, 0, 0],
        [6, 0, 0],
      ] as Position[],
    };
    const { line, closed } = cut(ellipse, plane(0));
    expect(closed).toBe(true);
    expect([Math.max(...line.map(([x]) => x)), Math.max(...line.map(([, y]) => y))]).toEqual([6, 2]);
    expect(middleOf(ellipse)).toEqual([0, 0, 0]);
    expect(middleOf(sphere)).toEqual([0, 0, 0]);
  });
});

describe("a sentence", () => {
  it("speaks of its lesions and of what was measured by hand in it, each once", () => {
    expect(spokenOf({ keys: ["L1"], text: "{L1.suv_max} over {M2.length} by {M2.volume}, liver {liver.mean}" })).toEqual(["L1", "M2"]);
  });
});

describe("a survival curve", () => {
  const same = (value: number) => value;

  it("goes in steps, and its band along the lower and the upper ones", () => {
    expect(stepLine([0, 6, 12], [1, 0.8, 0.4], same, same)).toBe("M0 1H6V0.8H12V0.4");
    expect(stepBand([0, 6, 12], [1, 0.7, 0.3], [1, 0.9, 0.5], same, same)).toBe("M0 1H6V0.9H12V0.5L12 0.3V0.7L6 0.7V1L0 1Z");
  });

  it("has a median where it comes down to a half, else none", () => {
    expect(medianOf([0, 6, 12], [1, 0.5, 0.4])).toBe(6);
    expect(medianOf([0, 6, 12], [1, 0.8, 0.6])).toBeUndefined();
  });
});
