/** The questions and acts of a case and its report. */

import { queryOptions } from "@tanstack/react-query";
import { belonging } from "@/api/belonging";
import { amend, query, read, replace, send } from "@/api/client";
import { problemIn } from "@/api/problem";
import { session } from "@/api/session";
import type { Branch, Case, CaseLine, Dictated, DictationState, Report, ReportLine, Saving } from "@/imaging/report/types";

const CASES = "/api/v1/cases";
const REPORTS = "/api/v1/reports";

/** The case a study belongs to, or null. */
export const caseQuery = (study: string, patient: string) =>
  queryOptions({
    queryKey: ["patient", patient, "case", study],
    queryFn: async ({ signal }): Promise<Case | null> => {
      const { cases } = await read<{ cases: CaseLine[] }>(`${CASES}${query({ study })}`, signal);
      const open = cases.find(({ stage }) => stage !== "closed");
      if (!open) return null;
      return belonging(patient, await read<Case>(`${CASES}/${encodeURIComponent(open.case)}`, signal), (answer) => answer.patient);
    },
  });

export const reportQuery = (id: string, patient: string) =>
  queryOptions({
    queryKey: ["patient", patient, "report", id],
    queryFn: async ({ signal }) =>
      belonging(patient, await read<Report>(`${REPORTS}/${encodeURIComponent(id)}`, signal), (answer) => answer.patient),
    enabled: id !== "",
  });

export const openCase = (study: string, branch: Branch, question: string) => send<Case>(CASES, { study, branch, question });

export const answerChecklist = (id: string, item: string, found: string) =>
  amend<Case>(`${CASES}/${encodeURIComponent(id)}`, { checklist: { [item]: found } });

export const draftReport = (id: string) => send<Report>(REPORTS, { case: id });

export const saveReport = (id: string, what: Saving) => replace<Report>(`${REPORTS}/${encodeURIComponent(id)}`, what);

export const signReport = (id: string, version: number, critical: boolean) =>
  send<Report>(`${REPORTS}/${encodeURIComponent(id)}/sign`, { version, critical });

export const addToReport = (id: string, text: string, keys: string[]) =>
  send<Report>(`${REPORTS}/${encodeURIComponent(id)}/addendum`, { text, keys });

/** Take it back. The reason goes wherever the report went. */
export const withdrawReport = (id: string, reason: string, anotherPatient: boolean) =>
  send<Report>(`${REPORTS}/${encodeURIComponent(id)}/withdraw`, { reason, another_patient: anotherPatient });

/** Reports of a patient that were signed and that nobody may act on. */
export const notValidQuery = (patient: string) =>
  queryOptions({
    queryKey: ["patient", patient, "reports", "not valid"],
    queryFn: async ({ signal }) => {
      const answer = await read<{ reports: ReportLine[] }>(`${REPORTS}${query({ patient })}`, signal);
      const { reports } = belonging(patient, answer, (told) => told.reports.map((each) => each.patient));
      return reports.filter(({ state }) => state === "waiting" || state === "withdrawn");
    },
  });

/** The report as a file: the door asks who wants it, so a plain link would not do. */
export async function reportFile(id: string): Promise<Blob> {
  const response = await session.fetch(`${REPORTS}/${encodeURIComponent(id)}.pdf`);
  if (!response.ok) throw await problemIn(response);
  return response.blob();
}

export const dictationQuery = queryOptions({
  queryKey: ["dictation"],
  queryFn: ({ signal }) => read<DictationState>("/api/v1/dictation", signal),
  staleTime: Infinity,
});

/** What was said, as text that somebody must read. */
export async function dictated(sound: Blob, patient: string): Promise<Dictated> {
  const response = await session.fetch(`/api/v1/dictation${query({ patient })}`, {
    method: "POST",
    headers: { "Content-Type": sound.type },
    body: sound,
  });
  if (!response.ok) throw await problemIn(response);
  return (await response.json()) as Dictated;
}
