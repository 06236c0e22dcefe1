/**
 * Who is signed in here. The access token lives in memory only; the refresh token is a cookie that scripts cannot read.
 *
 * A token is renewed before it ends only while somebody uses the screen (or it is a wall without names), so that the
 * server's idle time-out still sees an abandoned screen as idle.
 */

import { ApiProblem, noConnection, problemIn, remedyIn } from "@/api/problem";
import { type Proof, proofGiven, type SecondStep } from "@/api/proof";
import type { Person, Token } from "@/api/types";
import { keep, kept } from "@/shell/kept";

export type SessionState = { status: "starting" } | { status: "out"; notice: string } | { status: "in"; person: Person };

const AUTH = "/api/v1/auth";
const RENEW_BEFORE_MS = 60_000;
const CHANNEL = "wardline.session";
/** Kept while somebody is signed in at this browser: that, and nothing more. */
const HERE = "signed-in";
/** Stands in the address when the hospital's sign-in service has sent somebody back. */
const RETURNED = "#signed-in";

export class Session {
  #state: SessionState = { status: "starting" };
  #token = "";
  #renewal: ReturnType<typeof setTimeout> | undefined;
  #renewing: Promise<boolean> | undefined;
  #usedSinceRenewal = true;
  #listeners = new Set<() => void>();
  #tabs = typeof BroadcastChannel === "undefined" ? undefined : new BroadcastChannel(CHANNEL);
  /** Wall screens have nobody in front of them and show no names. */
  unattended = false;

  constructor() {
    this.#tabs?.addEventListener("message", ({ data }) => this.#heard(data as string));
  }

  get state(): SessionState {
    return this.#state;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** A key, a touch or a pointer: somebody is there. */
  used(): void {
    this.#usedSinceRenewal = true;
  }

  /** Take up the session that the cookie stands for, if there is one. */
  async start(): Promise<void> {
    const returned = location.hash === RETURNED;
    if (returned) history.replaceState(history.state, "", location.pathname + location.search);
    // Without a session here before there is no cookie to ask about.
    if (!returned && !kept(HERE)) return this.#leave("");
    try {
      if (!(await this.#renewed())) this.ended("");
    } catch (error) {
      this.#leave(error instanceof ApiProblem ? error.message : "Wardline could not be asked who you are.");
    }
  }

  /** Null once they are in; otherwise what they are to show next. */
  async signIn(login: string, password: string): Promise<SecondStep | null> {
    const answer = await post<Token | SecondStep>("login", { login, password });
    if ("challenge" in answer) return answer;
    this.#come(answer);
    return null;
  }

  /** The second step of a sign-in, or a passkey alone. */
  async show(proof: Proof): Promise<void> {
    this.#come(await post<Token>("mfa/login", proof));
  }

  /** What a passkey signs for somebody who has not said who they are. */
  askForPasskey(): Promise<SecondStep> {
    return post<SecondStep>("mfa/passkey", {});
  }

  /** What the account is may have changed here: ask again. */
  async again(): Promise<void> {
    if (!(await this.#renewed())) this.ended();
  }

  #come(token: Token): void {
    this.#enter(token);
    this.#tabs?.postMessage("changed");
  }

  async setUp(first: { token: string; login: string; name: string; password: string }): Promise<void> {
    this.#come(await post<Token>("setup", first));
  }

  async signOut(): Promise<void> {
    // Whatever the server answers, this screen shows nothing from here on.
    await this.fetch(`${AUTH}/logout`, { method: "POST" }).catch(() => undefined);
    this.ended("");
    this.#tabs?.postMessage("out");
  }

  /** The server ended the session. */
  ended(notice = "You have been signed out. Please sign in again."): void {
    keep(HERE, null);
    this.#leave(notice);
  }

  /** `fetch` as the person signed in. Where the server asks for a fresh proof, they are asked for it and the request is made once more. */
  async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const before = this.#state;
    const response = await this.#fetch(path, init);
    const remedy = await remedyIn(response);
    if (remedy === "second-factor") await this.again();
    const proven = remedy === "step-up" && (await proofGiven());
    return proven && this.#state === before ? this.#fetch(path, init) : response;
  }

  /** After a 401 the token is renewed and the request made once more. */
  async #fetch(path: string, init: RequestInit): Promise<Response> {
    const before = this.#state;
    const response = await reached(path, this.#signed(init));
    if (response.status !== 401) return response;
    if (!(await this.#renewed())) this.ended();
    // What one person asked for is never done in the name of another who has signed in meanwhile.
    return this.#state === before ? reached(path, this.#signed(init)) : response;
  }

  #signed(init: RequestInit): RequestInit {
    const headers = new Headers(init.headers);
    headers.set("Authorization", `Bearer ${this.#token}`);
    return { ...init, headers };
  }

  /** A new token for the cookie. Requests that fail together share one renewal; two tabs take turns. */
  #renewed(): Promise<boolean> {
    this.#renewing ??= inTurn(() => this.#renew()).finally(() => {
      this.#renewing = undefined;
    });
    return this.#renewing;
  }

  async #renew(): Promise<boolean> {
    try {
      this.#enter(await post<Token>("refresh"));
      return true;
    } catch (error) {
      if (error instanceof ApiProblem && !error.isPassing) return false;
      throw error;
    }
  }

  #enter(token: Token): void {
    const before = this.#state;
    this.#token = token.access_token;
    keep(HERE, "yes");
    this.#usedSinceRenewal = false;
    clearTimeout(this.#renewal);
    this.#renewal = setTimeout(() => this.#due(), Math.max(1_000, Date.parse(token.expires_at) - Date.now() - RENEW_BEFORE_MS));
    if (before.status === "in" && same(before.person, token.person)) return;
    this.#become({ status: "in", person: token.person });
  }

  #due(): void {
    // Without a use the next request renews it, if the server still knows the session by then.
    if (this.#usedSinceRenewal || this.unattended) this.#renewed().catch(() => undefined);
  }

  #leave(notice: string): void {
    clearTimeout(this.#renewal);
    this.#token = "";
    this.#become({ status: "out", notice });
  }

  /** The cookie is shared by all tabs: what one does, the others follow, so that no tab acts as somebody else. */
  #heard(what: string): void {
    if (what === "out") this.ended("You signed out in another window.");
    else void this.start();
  }

  #become(state: SessionState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}

/** The same person who may do the same: what is on screen stays. */
function same(one: Person, other: Person): boolean {
  return one.id === other.id && one.awaited === other.awaited && [...one.roles].sort().join() === [...other.roles].sort().join();
}

export const session = new Session();

async function reached(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, { cache: "no-store", ...init });
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw noConnection();
  }
}

async function post<T>(what: string, body?: unknown): Promise<T> {
  const init: RequestInit = { method: "POST" };
  if (body !== undefined) Object.assign(init, { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } });
  const response = await reached(`${AUTH}/${what}`, init);
  if (!response.ok) throw await problemIn(response);
  return (await response.json()) as T;
}

/** One tab at a time: a refresh token that comes twice counts as stolen. Locks need a secure page; without, tabs do not wait. */
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  return "locks" in navigator ? navigator.locks.request("wardline.refresh", work) : work();
}
