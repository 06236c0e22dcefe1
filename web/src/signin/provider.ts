/** Back from the hospital's sign-in service: what it brought stands behind the #, which no server log sees. */

import { useEffect, useState } from "react";
import type { SecondStep } from "@/api/proof";
import { problemIn } from "@/api/problem";

const REFUSALS: Record<string, string> = {
  role: "Your account at the sign-in service has no role here. Ask an administrator.",
  closed: "This account is closed.",
  failed: "Signing in there did not work. Try again; if it happens again, tell an administrator.",
};

export interface Returned {
  step: SecondStep | null;
  refused: string;
  forget: () => void;
}

/** What the sign-in service sent the person back with: nothing, a second step, or a refusal. */
export function useReturned(): Returned {
  const [brought] = useState(() => new URLSearchParams(location.hash.slice(1)));
  const [step, setStep] = useState<SecondStep | null>(null);
  const [refused, setRefused] = useState(() => REFUSALS[brought.get("refused") ?? ""] ?? "");
  useEffect(() => {
    if (!brought.has("refused") && !brought.has("second")) return;
    history.replaceState(history.state, "", location.pathname + location.search);
    const challenge = brought.get("second");
    if (challenge) second(challenge).then(setStep, (error: Error) => setRefused(error.message));
  }, [brought]);
  const forget = (): void => {
    setStep(null);
    setRefused("");
  };
  return { step, refused, forget };
}

async function second(challenge: string): Promise<SecondStep> {
  const response = await fetch("/api/v1/auth/mfa/step", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ challenge }),
  });
  if (!response.ok) throw await problemIn(response);
  return (await response.json()) as SecondStep;
}
