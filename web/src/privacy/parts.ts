/** The parts of the privacy page: address, word, which roles have use for it, and what is shown. One line each. */

import { type ComponentType, lazy } from "react";

export interface Part {
  /** Stands in the address (?part=audit). */
  key: string;
  word: string;
  roles: readonly string[];
  Shown: ComponentType;
}

export const PARTS: readonly Part[] = [
  {
    key: "audit",
    word: "Audit trail",
    roles: ["auditor", "privacy"],
    Shown: lazy(() => import("@/privacy/audit/AuditTrail").then((m) => ({ default: m.AuditTrail }))),
  },
];

export function partsFor(roles: readonly string[]): readonly Part[] {
  return PARTS.filter((part) => part.roles.some((role) => roles.includes(role)));
}
