/** Asking the server: one function for reading, one for doing; answers are typed, failures are `ApiProblem`. */

import { problemIn } from "@/api/problem";
import { session } from "@/api/session";

export async function read<T>(path: string, signal?: AbortSignal): Promise<T> {
  const response = await session.fetch(path, signal ? { signal } : {});
  if (!response.ok) throw await problemIn(response);
  return (await response.json()) as T;
}

export const send = <T>(path: string, body: unknown, signal?: AbortSignal): Promise<T> => change<T>("POST", path, body, signal);

export const amend = <T>(path: string, body: unknown): Promise<T> => change<T>("PATCH", path, body);

export const replace = <T>(path: string, body: unknown): Promise<T> => change<T>("PUT", path, body);

export async function remove(path: string): Promise<void> {
  const response = await session.fetch(path, { method: "DELETE" });
  if (!response.ok) throw await problemIn(response);
}

async function change<T>(method: "POST" | "PUT" | "PATCH", path: string, body: unknown, signal?: AbortSignal): Promise<T> {
  const response = await session.fetch(path, {
    method,
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    ...(signal ? { signal } : {}),
  });
  if (!response.ok) throw await problemIn(response);
  return (response.status === 204 ? undefined : await response.json()) as T;
}

/** "?unit=W7&mine=true" from what is given; empty values are left out. */
export function query(values: Record<string, string | boolean | undefined>): string {
  const given = Object.entries(values).filter(([, value]) => value !== undefined && value !== "" && value !== false);
  return given.length ? `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}` : "";
}
