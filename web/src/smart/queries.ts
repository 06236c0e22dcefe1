/** Asking about apps, and what is decided about them. */

import { queryOptions } from "@tanstack/react-query";
import { read, send } from "@/api/client";
import { problemIn } from "@/api/problem";
import { session } from "@/api/session";
import type { App, AppRequest, Decision, Entered, Grant, Launchable, NewApp } from "@/smart/types";

const APPS = "/api/v1/apps";

/** Asked once: looking at a request is in the audit trail. */
export const requestQuery = (request: string) =>
  queryOptions({
    queryKey: ["app request", request],
    queryFn: () => send<AppRequest>(`${APPS}/requests`, { request }),
    staleTime: Infinity,
    refetchOnWindowFocus: false,
    retry: false,
  });

export const decide = (decision: Decision): Promise<{ redirect: string }> => send(`${APPS}/decisions`, decision);

export const grantsQuery = queryOptions({
  queryKey: ["app grants"],
  queryFn: ({ signal }) => read<Grant[]>(`${APPS}/grants`, signal),
});

export const takeBack = (grant: Grant): Promise<void> => remove(`${APPS}/grants/${encodeURIComponent(grant.id)}`);

export const launchableQuery = queryOptions({
  queryKey: ["apps", "launchable"],
  queryFn: ({ signal }) => read<Launchable[]>(`${APPS}/launchable`, signal),
  staleTime: 5 * 60_000,
  retry: false,
});

/** The address that opens an app for a patient; good once, for minutes. */
export const launch = (app: Launchable, patient: string): Promise<{ url: string }> =>
  send(`${APPS}/${encodeURIComponent(app.id)}/launch`, { patient });

// --- kept by administrators ---

export const appsQuery = queryOptions({
  queryKey: ["apps"],
  queryFn: ({ signal }) => read<App[]>(APPS, signal),
});

export const addApp = (app: NewApp): Promise<Entered> => send(APPS, app);

export const newSecret = (app: App): Promise<Entered> => send(`${APPS}/${encodeURIComponent(app.id)}/secret`, {});

export const closeApp = (app: App): Promise<void> => remove(`${APPS}/${encodeURIComponent(app.id)}`);

async function remove(path: string): Promise<void> {
  const response = await session.fetch(path, { method: "DELETE" });
  if (!response.ok) throw await problemIn(response);
}
