/** What is asked about the access policies. */

import { queryOptions } from "@tanstack/react-query";
import { query, read } from "@/api/client";
import type { Time } from "@/api/types";

export interface AccessPolicy {
  id: string;
  says: string;
  because: string;
  effect: "permit" | "forbid";
  file: string;
  line: number;
  text: string;
  is_ours: boolean;
}

export interface AccessPolicies {
  policies: AccessPolicy[];
  actions: { name: string; words: string; policies: string[] }[];
}

export interface Explained {
  as_of: Time;
  allowed: boolean;
  reason: string;
  remedy: string;
  purpose: string;
  who: string;
  action: string;
  about: string;
  policies: AccessPolicy[];
  facts: string[];
}

export interface Refusal {
  at: Time;
  who: string;
  login: string;
  name: string;
  action: string;
  door: string;
  patient: string;
  number: string;
  said: string;
}

/** A question: a person, or a role with units; an action; a patient. */
export interface Asked {
  person: string;
  role: string;
  unit: string;
  action: string;
  patient: string;
}

const PATH = "/api/v1/access";

export const policiesQuery = queryOptions({
  queryKey: ["access policies"],
  queryFn: ({ signal }) => read<AccessPolicies>(`${PATH}/policies`, signal),
  staleTime: Infinity,
});

export const refusalsQuery = queryOptions({
  queryKey: ["access refusals"],
  queryFn: ({ signal }) => read<{ as_of: Time; items: Refusal[] }>(`${PATH}/refusals`, signal),
});

export const explainQuery = (asked: Asked | null) =>
  queryOptions({
    queryKey: ["access explained", asked],
    queryFn: ({ signal }) => read<Explained>(`${PATH}/explain${query({ ...asked })}`, signal),
    enabled: asked !== null,
    staleTime: 0,
    retry: false,
  });
