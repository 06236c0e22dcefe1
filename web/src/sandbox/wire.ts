/** What an EHR does at a hook: fills the prefetch from its own record, calls the services, times them, and sends feedback. */

import { ApiProblem } from "@/api/problem";
import { send } from "@/api/client";
import type { Card, Exchange, Resource, Service, ShownCard } from "@/sandbox/types";

export interface Context {
  userId: string;
  patientId: string;
  [field: string]: unknown;
}

export interface Answered {
  exchanges: Exchange[];
  cards: ShownCard[];
}

/** Calls every service at once, as EHRs do, with one hook instance for all of them. */
export async function fire(services: readonly Service[], context: Context, record: readonly Resource[]): Promise<Answered> {
  const hookInstance = crypto.randomUUID();
  const answered = await Promise.all(services.map((service) => call(service, hookInstance, context, record)));
  return { exchanges: answered.map(([exchange]) => exchange), cards: answered.flatMap(([, cards]) => cards) };
}

async function call(
  service: Service,
  hookInstance: string,
  context: Context,
  record: readonly Resource[],
): Promise<[Exchange, ShownCard[]]> {
  const request = { hook: service.hook, hookInstance, context, prefetch: prefetched(service, record) };
  const begun = performance.now();
  const told = await send<{ cards: Card[] }>(`/cds-services/${encodeURIComponent(service.id)}`, request).catch((error: unknown) => error);
  const exchange = {
    key: `${hookInstance}/${service.id}`,
    service: service.id,
    hook: service.hook,
    request,
    milliseconds: performance.now() - begun,
  };
  if (isAnswer(told)) {
    const shown = told.cards.map((card) => ({ service: service.id, card }));
    return [{ ...exchange, response: told, cards: shown.length, failed: false }, shown];
  }
  const said = told instanceof ApiProblem ? { status: told.status, title: told.title, detail: told.message } : String(told);
  return [{ ...exchange, response: said, cards: 0, failed: true }, []];
}

const isAnswer = (told: unknown): told is { cards: Card[] } =>
  typeof told === "object" && told !== null && Array.isArray((told as { cards?: unknown }).cards);

/** Each template answered from the record; null where there is nothing, as CDS Hooks asks. */
export function prefetched(service: Service, record: readonly Resource[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(service.prefetch).map(([key, template]) => [key, found(template, record)]));
}

function found(template: string, record: readonly Resource[]): unknown {
  const [type = "", search = ""] = template.split("?");
  if (!search) return record.find((each) => each.resourceType === type.split("/")[0]) ?? null;
  const codes = new URLSearchParams(search)
    .get("code")
    ?.split(",")
    .map((each) => each.split("|").at(-1));
  const entry = record
    .filter((each) => each.resourceType === type && (!codes || codes.some((code) => hasCode(each, code))))
    .map((resource) => ({ resource }));
  return entry.length ? { resourceType: "Bundle", type: "searchset", entry } : null;
}

function hasCode(resource: Resource, code: string | undefined): boolean {
  const { coding } = resource["code"] as { coding: { code: string }[] };
  return coding.some((each) => each.code === code);
}

export interface Outcome {
  card: string;
  outcome: "accepted" | "overridden";
  acceptedSuggestions?: { id: string }[];
  overrideReason?: { reason: { code: string; system?: string }; userComment?: string };
  outcomeTimestamp: string;
}

export const tell = (service: string, outcome: Outcome): Promise<unknown> =>
  send(`/cds-services/${encodeURIComponent(service)}/feedback`, { feedback: [outcome] });
