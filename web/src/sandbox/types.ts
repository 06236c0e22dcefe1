/** CDS Hooks 2.0, as far as the sandbox speaks it. */

export interface Service {
  id: string;
  hook: string;
  title: string;
  description: string;
  prefetch: Record<string, string>;
}

export interface Coding {
  code: string;
  system?: string;
  display?: string;
}

export interface Suggestion {
  label: string;
  uuid: string;
  actions: readonly { type: "create" | "update" | "delete"; description: string; resourceId?: string }[];
}

export interface Card {
  uuid: string;
  summary: string;
  detail?: string;
  indicator: "info" | "warning" | "critical";
  source: { label: string };
  suggestions?: readonly Suggestion[];
  overrideReasons?: readonly Coding[];
  links?: readonly { label: string; url: string; type: string }[];
}

export interface Resource {
  resourceType: string;
  id: string;
  [field: string]: unknown;
}

/** One call of a service, as it went over the wire. */
export interface Exchange {
  key: string;
  service: string;
  hook: string;
  request: unknown;
  response: unknown;
  cards: number;
  milliseconds: number;
  failed: boolean;
}

/** A card with the service that gave it, and what became of it here. */
export interface ShownCard {
  service: string;
  card: Card;
  answer?: string;
}
