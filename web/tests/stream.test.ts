import { describe, expect, it } from "vitest";
import { EventReader } from "@/api/sse";
import { waitBefore } from "@/api/stream";

const TEXT = 'event: present\ndata: {"unit":"W7"}\n\n: still here\n\nevent: tick\ndata: {"now":"04:12"}\n\n';

describe("reading events", () => {
  it("gives the same events wherever the text is cut", () => {
    const whole = new EventReader().take(TEXT);
    for (let cut = 0; cut <= TEXT.length; cut += 1) {
      const reader = new EventReader();
      expect([...reader.take(TEXT.slice(0, cut)), ...reader.take(TEXT.slice(cut))]).toEqual(whole);
    }
    expect(whole).toEqual([
      { name: "present", content: { unit: "W7" } },
      { name: "tick", content: { now: "04:12" } },
    ]);
  });
});

describe("coming back after a break", () => {
  it("waits longer after each failure, up to a quarter of a minute", () => {
    expect([0, 1, 2, 10].map((attempt) => waitBefore(attempt, 1))).toEqual([500, 1_000, 2_000, 15_000]);
  });

  it("is spread, so that a thousand screens do not come back in one moment", () => {
    expect([waitBefore(3, 0), waitBefore(3, 1)]).toEqual([2_000, 4_000]);
  });
});
