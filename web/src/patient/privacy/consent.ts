/** What somebody has chosen in the form, as a sentence and as a FHIR R4 Consent. */

import type { Choices } from "@/patient/privacy/types";

export const EVERYTHING = "everything";

export interface Wish {
  /** Code of a label; `EVERYTHING` for the whole record; undefined until it is chosen. */
  label: string | undefined;
  /** FHIR resource types; none: of every kind. */
  kinds: string[];
  /** To whom it is closed. */
  whom: "everybody" | "everybody but" | "one person";
  /** A unit's code where `whom` is "everybody but", a sign-in name where it is "one person". */
  who: string;
  /** Not even in an emergency. */
  never: boolean;
  /** A day; empty: until it is withdrawn. */
  until: string;
  /** In the patient's own words. */
  words: string;
}

const TERMINOLOGY = "http://terminology.hl7.org/CodeSystem";
const concept = (system: string, code: string) => ({ coding: [{ system: `${TERMINOLOGY}/${system}`, code }] });
const actor = (reference: string) => [{ role: concept("v3-ParticipationType", "PRCP"), reference: { reference } }];

/** The resource that says it. A denial says nothing about emergencies unless it names them, so "never" is said twice. */
export function consentOf(wish: Wish, patient: string, performer: string): Record<string, unknown> {
  const rule = {
    type: "deny",
    ...(wish.label && wish.label !== EVERYTHING ? { securityLabel: [{ system: `${TERMINOLOGY}/v3-ActCode`, code: wish.label }] } : {}),
    ...(wish.kinds.length ? { class: wish.kinds.map((code) => ({ system: "http://hl7.org/fhir/resource-types", code })) } : {}),
    ...(wish.until ? { period: { end: wish.until } } : {}),
    ...(wish.whom === "one person" ? { actor: actor(`Practitioner/${wish.who}`) } : {}),
    ...(wish.whom === "everybody but" ? { provision: [{ type: "permit", actor: actor(`Organization/${wish.who}`) }] } : {}),
  };
  const emergency = { ...rule, purpose: [{ system: `${TERMINOLOGY}/v3-ActReason`, code: "BTG" }] };
  return {
    resourceType: "Consent",
    status: "active",
    scope: concept("consentscope", "patient-privacy"),
    category: [concept("v3-ActCode", "IDSCL")],
    patient: { reference: `Patient/${patient}` },
    dateTime: new Date().toISOString(),
    ...(performer ? { performer: [{ display: performer }] } : {}),
    ...(wish.words ? { sourceAttachment: { title: wish.words } } : {}),
    ...(wish.never ? { policyRule: concept("v3-ActCode", "OPTIN"), provision: { provision: [rule, emergency] } } : { provision: rule }),
  };
}

/** "Nobody outside Ward 7 may see notes and documents about mental health." */
export function sentenceOf(wish: Wish, choices: Choices): string {
  const title = (from: { code: string; title: string }[], code: string) => from.find((each) => each.code === code)?.title ?? code;
  const kinds = listed(wish.kinds.map((code) => title(choices.kinds, code)));
  const about = wish.label && wish.label !== EVERYTHING ? inside(title(choices.labels, wish.label)) : "";
  const what = kinds ? `${kinds}${about ? ` about ${about}` : ""}` : about ? `anything about ${about}` : "anything in the record";
  const who =
    wish.whom === "everybody"
      ? "Nobody"
      : wish.whom === "one person"
        ? `The person who signs in as ${wish.who || "…"}`
        : `Nobody outside ${title(choices.units, wish.who) || "…"}`;
  const until = wish.until ? ` until ${wish.until}` : "";
  return `${who} ${wish.whom === "one person" ? "may not" : "may"} see ${what}${until}.`;
}

export interface Refused {
  what?: string;
  who?: string;
}

/** What is still to be chosen. A record closed to everybody could not be used to treat anybody. */
export function problemsOf(wish: Wish): Refused {
  if (wish.label === undefined) return { what: "Choose what." };
  if (wish.label === EVERYTHING && wish.kinds.length === 0 && wish.whom === "everybody")
    return { what: "A record that is closed to everybody could not be used to treat. Choose a part of it, or whom it is closed to." };
  if (wish.whom === "one person" && !wish.who.trim()) return { who: "Say who." };
  if (wish.whom === "everybody but" && !wish.who) return { who: "Choose a unit." };
  return {};
}

/** A title inside a sentence: "mental health", but "HIV". */
const inside = (title: string) => (/^[A-Z]{2}/.test(title) ? title : title.charAt(0).toLowerCase() + title.slice(1));

function listed(parts: string[]): string {
  return parts.length > 1 ? `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}` : (parts[0] ?? "");
}
