/** The questions about one's own account, and what can be done about it. */

import { queryOptions } from "@tanstack/react-query";
import { read, remove, send } from "@/api/client";
import type { Time } from "@/api/types";

const AUTH = "/api/v1/auth";
const MFA = `${AUTH}/mfa`;

export interface Factor {
  id: string;
  kind: "app" | "passkey";
  name: string;
  added_at: Time;
  used_at?: Time;
}

export interface Factors {
  factors: Factor[];
  /** How many are left. */
  recovery_codes: number;
  /** Whether one of the person's roles asks for a second factor. */
  required: boolean;
  /** Whether passkeys can be added at this address. */
  passkeys: boolean;
  /** Whether the account signs in with a password of ours. */
  password: boolean;
}

export interface AppOffer {
  token: string;
  secret: string;
  address: string;
  /** A square code, SVG. */
  square: string;
}

export interface Added {
  factor: Factor;
  /** With the first factor only. */
  recovery_codes: string[];
}

export interface OwnSession {
  id: string;
  device: string;
  started_at: Time;
  seen_at: Time;
  current: boolean;
  factors: number;
}

export const factorsQuery = queryOptions({
  queryKey: ["own", "factors"],
  queryFn: ({ signal }) => read<Factors>(MFA, signal),
});

export const sessionsQuery = queryOptions({
  queryKey: ["own", "sessions"],
  queryFn: ({ signal }) => read<OwnSession[]>(`${AUTH}/sessions`, signal),
});

export const offerApp = (): Promise<AppOffer> => send<AppOffer>(`${MFA}/app/offer`, {});
export const addApp = (app: { token: string; code: string; name: string }): Promise<Added> => send<Added>(`${MFA}/app`, app);
export const offerPasskey = (): Promise<{ token: string; options: PublicKeyCredentialCreationOptionsJSON }> =>
  send(`${MFA}/passkeys/offer`, {});
export const addPasskey = (passkey: { token: string; credential: unknown; name: string }): Promise<Added> =>
  send<Added>(`${MFA}/passkeys`, passkey);
export const newRecoveryCodes = (): Promise<{ recovery_codes: string[] }> => send(`${MFA}/recovery`, {});
export const removeFactor = (id: string): Promise<void> => remove(`${MFA}/${encodeURIComponent(id)}`);
export const endSession = (id: string): Promise<void> => remove(`${AUTH}/sessions/${encodeURIComponent(id)}`);
export const endOthers = (): Promise<void> => remove(`${AUTH}/sessions`);
export const changePassword = (change: { old: string; new: string }): Promise<void> => send<void>(`${AUTH}/password`, change);
