/** A draft of another policy: numbers moved away from the one in force, or a whole text with numbers moved away from that. */

import type { Objection, Slider } from "@/policy/types";

export interface Draft {
  /** A text written by hand or taken from a proposal; without it, the policy in force. */
  text?: string;
  /** Moved numbers by the path of their slider. */
  changes: Record<string, number>;
}

export const TODAY: Draft = { changes: {} };

export const isToday = (draft: Draft): boolean => draft.text === undefined && Object.keys(draft.changes).length === 0;

export function same(one: Draft, other: Draft): boolean {
  const [mine, theirs] = [Object.entries(one.changes), Object.entries(other.changes)];
  return one.text === other.text && mine.length === theirs.length && mine.every(([path, value]) => other.changes[path] === value);
}

/** The draft with one number elsewhere. Back where it was, it is no change. */
export function moved(draft: Draft, path: string, value: number, was: number | undefined): Draft {
  const { [path]: _, ...others } = draft.changes;
  return { ...draft, changes: value === was ? others : { ...others, [path]: value } };
}

/** Numbers people try first; the others stand below, closed. */
export const isFirst = (slider: Slider): boolean => slider.kind !== "readings" && slider.path !== "bundle_minutes";

/** "7" or "15 min" */
export const valueOf = ({ unit }: Slider, value: number): string => `${value} ${unit}`.trim();

export interface Change {
  label: string;
  was: string;
  is: string;
}

/** What is different between two lists of sliders, in words. */
export function changesBetween(before: readonly Slider[], after: readonly Slider[]): Change[] {
  return after.flatMap((slider) => {
    const was = before.find((each) => each.path === slider.path);
    if (!was || was.value === slider.value) return [];
    const severity = slider.severity === "none" ? "" : `${slider.severity}: `;
    return [{ label: `${severity}${slider.label}`, was: valueOf(was, was.value), is: valueOf(slider, slider.value) }];
  });
}

/** The objections that concern what a slider moves: those of its rule, or of the escalation. */
export function concerning(slider: Slider, objections: readonly Objection[]): Objection[] {
  const [room, name] = slider.path.split(".");
  return objections.filter(({ where }) => (room === "rules" || room === "overdue" ? where.endsWith(`rule ${name}`) : where === room));
}
