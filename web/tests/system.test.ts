import { describe, expect, it } from "vitest";
import { channelSaid, rolesMissed, tested } from "@/system/words";

const AT = Date.parse("2026-11-14T04:12:00Z");
const phone = { contact: "ward-nurse", name: "phone", roles: ["nurse", "charge_nurse"], tries: 2, confirm_within_seconds: 30 };

describe("a channel", () => {
  it("says whom it tells and when it counts as failed", () =>
    expect(channelSaid(phone)).toBe("Tells nurse and charge nurse. Tried up to 2 times; not confirmed within 30 s counts as failed."));

  it("that no role is told by says so", () =>
    expect(channelSaid({ ...phone, roles: [], tries: 1, confirm_within_seconds: null })).toBe(
      "No role of the policy in force is told this way. Tried once.",
    ));

  it("names every role it is missing for", () =>
    expect(rolesMissed(["doctor", "charge_nurse", "rapid_response"])).toBe("doctor, charge nurse or rapid response"));
});

describe("a test of a channel", () => {
  it("that was taken is not said to have arrived", () =>
    expect(tested({ outcome: "sent", detail: "" }, AT)).toBe("Sent at 04:12; look whether it arrived."));

  it("that failed says why", () =>
    expect(tested({ outcome: "failed", detail: "no answer within 5 s" }, AT)).toBe("Failed at 04:12: no answer within 5 s."));
});
