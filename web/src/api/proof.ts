/**
 * Showing again who one is, where the server asks for a fresh proof ("step-up"): one dialog for all requests that wait for it.
 *
 * `session.fetch` asks here by itself and makes the request once more: no page needs to know.
 */

import { useSyncExternalStore } from "react";

export type Way = "password" | "app" | "passkey" | "recovery";

/** What the server asks for next: one of these ways. */
export interface SecondStep {
  challenge: string;
  expires_at: string;
  ways: Way[];
  /** For navigator.credentials.get, where a passkey is one of the ways. */
  passkey?: PublicKeyCredentialRequestOptionsJSON;
}

export interface Proof {
  challenge: string;
  way: Way;
  text?: string;
  credential?: unknown;
}

let waiting: { given: Promise<boolean>; answer: (given: boolean) => void } | null = null;
const listeners = new Set<() => void>();

function tell(): void {
  for (const listener of listeners) listener();
}

/** Asks whoever is there. False when they would rather not, or nothing is on screen that could ask. */
export function proofGiven(): Promise<boolean> {
  if (listeners.size === 0) return Promise.resolve(false);
  if (!waiting) {
    let answer: (given: boolean) => void = () => undefined;
    const given = new Promise<boolean>((resolve) => (answer = resolve));
    waiting = { given, answer };
    tell();
  }
  return waiting.given;
}

/** The dialog has been answered. */
export function answerProof(given: boolean): void {
  waiting?.answer(given);
  waiting = null;
  tell();
}

/** Whoever listens can ask; when nobody does any more, what waits is answered with no. */
export function listen(listener: () => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) answerProof(false);
  };
}

export const isProofAsked = (): boolean => waiting !== null;

export function useProofAsked(): boolean {
  return useSyncExternalStore(listen, isProofAsked);
}
