/** Which input moved the score most since it was last something else: "Biggest change: systolic pressure, 0 → 2 points." */

import { useQuery } from "@tanstack/react-query";
import { capabilityQuery } from "@/api/queries";
import type { Answer, Reason } from "@/api/types";
import { answersThenQuery } from "@/patient/queries";
import type { ScorePoint } from "@/patient/types";

interface Props {
  patient: string;
  answer: Answer;
  scores: readonly ScorePoint[];
}

export function Changed({ patient, answer, scores }: Props) {
  const before = scores.findLast((each) => typeof each.value === "number" && each.value !== answer.value);
  const then = useQuery({ ...answersThenQuery(patient, before?.at ?? answer.at), enabled: before !== undefined });
  const capability = useQuery(capabilityQuery(answer.capability)).data;
  const was = then.data?.findings.find((each) => each.capability === answer.capability && each.key === answer.key);
  const change = was && biggestChange(was.because, answer.because);
  if (!change) return null;
  const label = capability?.inputs.find((each) => each.name === change.input)?.label ?? change.input.replaceAll("_", " ");
  return (
    <>
      Biggest change: {within(label)}, {change.from} → {change.to} points.{" "}
    </>
  );
}

/** As it stands inside a sentence: "Systolic pressure" begins small, "SpO₂" stays as it is. */
const within = (label: string): string => (/^[A-Z][a-z]+\b/.test(label) ? label.charAt(0).toLowerCase() + label.slice(1) : label);

interface Change {
  input: string;
  from: number;
  to: number;
}

/** The input whose points changed most; an input that was missing before counted nothing. */
export function biggestChange(before: readonly Reason[], now: readonly Reason[]): Change | null {
  const changes = now.map((each): Change => ({
    input: each.input,
    from: before.find((other) => other.input === each.input)?.points ?? 0,
    to: each.points ?? 0,
  }));
  const biggest = changes.reduce<Change | null>(
    (most, each) => (Math.abs(each.to - each.from) > Math.abs((most?.to ?? 0) - (most?.from ?? 0)) ? each : most),
    null,
  );
  return biggest;
}
