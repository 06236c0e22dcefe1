/** The control matrix as the server computed it from the last run of the tests. */

import { queryOptions } from "@tanstack/react-query";
import { read } from "@/api/client";

export type State = "shown" | "failing" | "not run" | "partly" | "site" | "not built" | "not applicable";

export interface Control {
  id: string;
  title: string;
  state: State;
  how: string;
  tests: { name: string; passed: boolean | null; at: string | null }[];
}

export interface Framework {
  id: string;
  title: string;
  source: string;
  standing: "verified" | "provisional";
  scope: string;
  counts: Record<State, number>;
  controls: Control[];
}

export interface Matrix {
  version: string;
  tested_at: string | null;
  tests: number;
  frameworks: Framework[];
}

export const complianceQuery = queryOptions({
  queryKey: ["compliance"],
  queryFn: ({ signal }) => read<Matrix>("/api/v1/compliance", signal),
  staleTime: Infinity,
});

export type Level = "acceptable" | "as low as practicable" | "unacceptable";

export interface Hazard {
  id: string;
  hazard: string;
  sequence: string;
  harm: string;
  severity: number;
  probability: number;
  residual: number;
  before: Level;
  after: Level;
  measures: { what: string; state: State; tests: Control["tests"] }[];
  left: string;
}

export interface HazardLog {
  severity: Record<string, string>;
  probability: Record<string, string>;
  hazards: Hazard[];
}

export const hazardsQuery = queryOptions({
  queryKey: ["compliance", "hazards"],
  queryFn: ({ signal }) => read<HazardLog>("/api/v1/compliance/hazards", signal),
  staleTime: Infinity,
});
