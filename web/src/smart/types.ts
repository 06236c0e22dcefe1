/** What the server says about apps of others. */

import type { Time } from "@/api/types";

export interface ScopeLine {
  scope: string;
  kind: "read" | "change" | "who" | "stay";
  words: string;
  needs_patient: boolean;
}

/** Enough to know that it is the right patient. */
export interface NamedPatient {
  id: string;
  name: string;
  number: string;
  born: string;
  unit: string;
  bed: string;
}

export interface AppRequest {
  app: string;
  publisher: string;
  /** Where the answer goes. */
  host: string;
  scopes: ScopeLine[];
  patient?: NamedPatient;
  chooses_patient: boolean;
}

export interface Decision {
  request: string;
  allow: boolean;
  scopes: string[];
  patient: string;
}

export interface Grant {
  id: string;
  app: string;
  patient?: NamedPatient;
  scopes: string[];
  began_at: Time;
  ends_at: Time;
  /** Whether it goes on after signing out. */
  stays: boolean;
}

export interface Launchable {
  id: string;
  name: string;
  publisher: string;
}

// --- kept by administrators ---

export type Proof = "none" | "client_secret_basic" | "private_key_jwt";

export interface App {
  id: string;
  name: string;
  publisher: string;
  proof: Proof;
  scopes: string[];
  redirects: string[];
  launch_url: string;
  key_ids: string[];
  keys_url: string;
  roles: string[];
  introspects: boolean;
  added_at: Time;
  closed_at?: Time;
  /** How many people's permissions hold now. */
  grants: number;
}

export interface NewApp {
  name: string;
  publisher: string;
  proof: Proof;
  scopes: string[];
  redirects: string[];
  launch_url: string;
  keys: string;
  keys_url: string;
  roles: string[];
  introspects: boolean;
}

/** The secret is shown this once. */
export interface Entered {
  app: App;
  secret?: string;
}
