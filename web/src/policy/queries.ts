/** The questions of the policy page. Trying changes nothing; proposing, signing and withdrawing do. */

import { queryOptions } from "@tanstack/react-query";
import { query, read, send } from "@/api/client";
import { problemIn } from "@/api/problem";
import { session } from "@/api/session";
import type { Draft } from "@/policy/draft";
import type { AdviceGiven, AlertBurden, Approval, Checked, Policy, Proposal, Simulated } from "@/policy/types";

const PATH = "/api/v1/policy";

export const policyQuery = queryOptions({
  queryKey: ["policy"],
  queryFn: ({ signal }) => read<Policy>(PATH, signal),
  refetchInterval: 5_000,
});

/** What the draft comes to and what speaks against it. `inForce` is the version it is a draft of. */
export const checkQuery = (inForce: string, draft: Draft) =>
  queryOptions({
    queryKey: ["policy check", inForce, draft],
    queryFn: () => send<Checked>(`${PATH}/check`, draft),
    staleTime: Infinity,
    placeholderData: (before) => before,
  });

export interface Replay {
  draft: Draft;
  /** How many hours of the past were asked for; empty for all there is. */
  reach: string;
  /** From this moment on; left out: all there is. */
  since?: string | undefined;
}

/** The past under both policies. Takes a while: who leaves the page ends it. */
export const replayQuery = (inForce: string, replay: Replay) =>
  queryOptions({
    queryKey: ["policy replay", inForce, replay],
    queryFn: async ({ signal }): Promise<Simulated> => {
      const response = await session.fetch(`${PATH}/simulate`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ ...replay.draft, since: replay.since }),
        signal,
      });
      if (!response.ok) throw await problemIn(response);
      return (await response.json()) as Simulated;
    },
    staleTime: Infinity,
    retry: false,
    // What the replay before it said stays, marked as such.
    placeholderData: (before) => before,
  });

export interface BurdenAsked {
  /** Empty for all. */
  unit: string;
  since: string | undefined;
  /** The same words asked again are another count: the log has grown. */
  turn: number;
}

/** What alerts have been to people. It reads the whole log, so it is counted when somebody asks; who leaves the page ends it. */
export const burdenQuery = (asked: BurdenAsked) =>
  queryOptions({
    queryKey: ["alert burden", asked],
    queryFn: ({ signal }) => read<AlertBurden>(`/api/v1/nurse/analytics${query({ unit: asked.unit, since: asked.since })}`, signal),
    staleTime: Infinity,
    retry: false,
    placeholderData: (before) => before,
  });

export const propose = (draft: Draft, note: string) => send<Proposal>(`${PATH}/proposals`, { ...draft, note });

export const sign = (id: string) => send<Approval>(`${PATH}/proposals/${encodeURIComponent(id)}/approve`, {});

export async function withdraw(id: string): Promise<void> {
  const response = await session.fetch(`${PATH}/proposals/${encodeURIComponent(id)}`, { method: "DELETE" });
  if (!response.ok) throw await problemIn(response);
}

/** What became of advice in EHRs. */
export const adviceQuery = queryOptions({
  queryKey: ["policy advice"],
  queryFn: ({ signal }) => read<AdviceGiven>(`${PATH}/advice`, signal),
  refetchInterval: 15_000,
});
