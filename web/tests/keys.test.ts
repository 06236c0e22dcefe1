import { describe, expect, it } from "vitest";
import { type Binding, meaning } from "@/shell/keys";

const binding = (keys: string, says: string): Binding => ({ keys, says, group: "Everywhere", run: () => undefined });

const shell = [binding("g p", "Alert policy"), binding("/", "Search"), binding("m", "in the shell")];
const page = [binding("m", "in the page"), binding("p", "Print")];

describe("what a key means", () => {
  it("two keys in a row go before one", () => expect(meaning("p", "g", [shell, page])?.says).toBe("Alert policy"));
  it("one key alone is itself", () => expect(meaning("p", "", [shell, page])?.says).toBe("Print"));
  it("the page that is open goes before the frame around it", () => expect(meaning("m", "", [shell, page])?.says).toBe("in the page"));
  it("an unknown key means nothing", () => expect(meaning("z", "", [shell, page])).toBeUndefined());
});
