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
  {
    key: "keys",
    word: "Keys and certificates",
    roles: ["admin", "privacy", "auditor"],
    Shown: lazy(() => import("@/privacy/keys/KeysAndCertificates").then((m) => ({ default: m.KeysAndCertificates }))),
  },
  {
    key: "apps",
    word: "Apps",
    roles: ["admin"],
    Shown: lazy(() => import("@/privacy/apps/Apps").then((m) => ({ default: m.Apps }))),
  },
  {
    key: "compliance",
    word: "Compliance",
    roles: ["auditor", "privacy", "admin"],
    Shown: lazy(() => import("@/privacy/compliance/Compliance").then((m) => ({ default: m.Compliance }))),
  },
  {
    key: "emergency",
    word: "Emergency access",
    roles: ["privacy", "auditor"],
    Shown: lazy(() => import("@/privacy/emergency/EmergencyReviews").then((m) => ({ default: m.EmergencyReviews }))),
  },
  {
    key: "policies",
    word: "Who may what",
    roles: ["privacy", "auditor", "admin"],
    Shown: lazy(() => import("@/privacy/policies/AccessPolicies").then((m) => ({ default: m.AccessPolicies }))),
  },
  {
    key: "origins",
    word: "Other sites",
    roles: ["admin", "privacy", "auditor"],
    Shown: lazy(() => import("@/privacy/origins/Origins").then((m) => ({ default: m.Origins }))),
  },
  {
    key: "record",
    word: "Consents and visitors",
    roles: ["privacy"],
    Shown: lazy(() => import("@/privacy/record/ConsentsAndVisitors").then((m) => ({ default: m.ConsentsAndVisitors }))),
  },
  {
    key: "retention",
    word: "Retention and erasure",
    roles: ["privacy", "auditor", "admin"],
    Shown: lazy(() => import("@/privacy/retention/RetentionAndErasure").then((m) => ({ default: m.RetentionAndErasure }))),
  },
  {
    key: "deidentify",
    word: "De-identification",
    roles: ["privacy", "auditor", "admin"],
    Shown: lazy(() => import("@/privacy/deidentify/Deidentify").then((m) => ({ default: m.Deidentify }))),
  },
];

export function partsFor(roles: readonly string[]): readonly Part[] {
  return PARTS.filter((part) => part.roles.some((role) => roles.includes(role)));
}
