import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { answerProof, isProofAsked, listen } from "@/api/proof";
import { Session } from "@/api/session";

/** The server at the far side of the wire: which tokens it takes, and how often it was asked for a new one. */
class Server {
  renewals = 0;
  good = "first";
  canRenew = true;
  person = "amelia";

  fetch = async (path: string, init: RequestInit = {}): Promise<Response> => {
    if (path.endsWith("/login")) return this.#token();
    if (path.endsWith("/refresh")) {
      this.renewals += 1;
      if (!this.canRenew) return problem(401);
      this.good = `token ${this.renewals}`;
      return this.#token();
    }
    const authorised = new Headers(init.headers).get("Authorization") === `Bearer ${this.good}`;
    return authorised ? Response.json({ ok: true }) : problem(401);
  };

  #token(): Response {
    const expires_at = new Date(Date.now() + 600_000).toISOString();
    return Response.json({
      access_token: this.good,
      expires_at,
      person: { id: this.person, name: "Amelia Brandt", roles: ["nurse"], units: [] },
    });
  }
}

const problem = (status: number) => Response.json({ status, title: "Not signed in", detail: "please sign in" }, { status });

let server: Server;
let session: Session;

beforeEach(async () => {
  vi.useFakeTimers();
  server = new Server();
  vi.stubGlobal("fetch", server.fetch);
  vi.stubGlobal("navigator", {});
  vi.stubGlobal("BroadcastChannel", undefined);
  session = new Session();
  await session.signIn("nurse", "secret");
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe("staying signed in", () => {
  it("renews the token once after a 401 and makes the request again", async () => {
    server.good = "changed behind our back";
    expect((await session.fetch("/api/v1/boards")).status).toBe(200);
    expect(server.renewals).toBe(1);
  });

  it("shares one renewal between requests that fail together: a refresh token that comes twice counts as stolen", async () => {
    server.good = "changed behind our back";
    const answers = await Promise.all([session.fetch("/a"), session.fetch("/b"), session.fetch("/c")]);
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200]);
    expect(server.renewals).toBe(1);
  });

  it("signs out when the server gives no new token", async () => {
    server.good = "changed behind our back";
    server.canRenew = false;
    await session.fetch("/api/v1/boards");
    expect(session.state.status).toBe("out");
  });

  it("renews before the end while somebody uses the screen", async () => {
    session.used();
    await vi.advanceTimersByTimeAsync(550_000);
    expect(server.renewals).toBe(1);
  });

  it("does not keep an abandoned screen signed in", async () => {
    await vi.advanceTimersByTimeAsync(900_000);
    expect(server.renewals).toBe(0);
  });

  it("keeps a wall signed in, which has nobody in front of it", async () => {
    session.unattended = true;
    await vi.advanceTimersByTimeAsync(550_000);
    expect(server.renewals).toBe(1);
  });

  it("never does in another's name what one person asked for: the shared cookie may stand for somebody else by now", async () => {
    server.person = "helen";
    server.good = "changed behind our back";
    expect((await session.fetch("/api/v1/nurse/queue/okafor/action", { method: "POST" })).status).toBe(401);
    expect(session.state).toMatchObject({ status: "in", person: { id: "helen" } });
  });
});

describe("showing again who one is", () => {
  const asked = { status: 403, title: "Not allowed", detail: "prove it", remedy: "step-up" };

  /** A server that asks for a fresh proof until it is given. */
  function asksForProof(): { proven: boolean; requests: string[] } {
    const state = { proven: false, requests: [] as string[] };
    vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
      state.requests.push(`${init.method} ${path} ${init.body}`);
      return state.proven ? Response.json({ ok: true }) : Response.json(asked, { status: 403 });
    });
    return state;
  }

  it("asks once for all requests that wait for it, and makes each of them again", async () => {
    const state = asksForProof();
    const off = listen(() => undefined);
    const act = { method: "POST", body: "{}" };
    const waiting = [session.fetch("/a", act), session.fetch("/b", act)];
    await vi.waitFor(() => expect(isProofAsked()).toBe(true));
    state.proven = true;
    answerProof(true);
    expect((await Promise.all(waiting)).map((answer) => answer.status)).toEqual([200, 200]);
    expect(state.requests).toEqual(["POST /a {}", "POST /b {}", "POST /a {}", "POST /b {}"]);
    off();
  });

  it("leaves it at the refusal when they would rather not, and the answer can still be read", async () => {
    asksForProof();
    const off = listen(() => undefined);
    const waiting = session.fetch("/a");
    await vi.waitFor(() => expect(isProofAsked()).toBe(true));
    answerProof(false);
    expect(await (await waiting).json()).toEqual(asked);
    off();
  });

  it("does not wait where nothing on screen could ask", async () => {
    asksForProof();
    expect((await session.fetch("/a")).status).toBe(403);
  });
});

describe("a sign-in in two steps", () => {
  it("is not in before the second", async () => {
    const step = { challenge: "c", expires_at: "", ways: ["app"] };
    vi.stubGlobal("fetch", async () => Response.json(step));
    session = new Session();
    expect(await session.signIn("admin", "secret")).toEqual(step);
    expect(session.state.status).not.toBe("in");
  });
});
