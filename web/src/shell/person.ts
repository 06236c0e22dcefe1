/** Who is looking. Only read below the sign-in, where there is always somebody. */

import { createContext, use, useSyncExternalStore } from "react";
import { session, type SessionState } from "@/api/session";
import type { Person } from "@/api/types";

export const PersonContext = createContext<Person | null>(null);

export function usePerson(): Person {
  const person = use(PersonContext);
  if (!person) throw new Error("usePerson needs somebody signed in");
  return person;
}

export function useSession(): SessionState {
  return useSyncExternalStore(session.subscribe, () => session.state);
}
