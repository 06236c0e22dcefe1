/** The parts of the privacy page: address, word, what it belongs to, which roles have use for it, and what is shown. */

import { type ComponentType, lazy } from "react";

export interface Part {
  /** Stands in the address (?part=audit). */
  key: string;
  word: string;
  /** Those that belong together stand together. */
  group: string;
  roles: readonly string[];
  Shown: ComponentType;
}

export const PARTS: readonly Part[] = [
  {
    key: "audit",
    word: "Audit trail",
    group: "Who looked",
    roles: ["auditor", "privacy"],
    Shown: lazy(() => import("@/privacy/audit/AuditTrail").then((m) => ({ default: m.AuditTrail }))),
  },
  {
    key: "emergency",
    word: "Emergency access",
    group: "Who looked",
    roles: ["privacy", "auditor"],
    Shown: lazy(() => import("@/privacy/emergency/EmergencyReviews").then((m) => ({ default: m.EmergencyReviews }))),
  },
  {
    key: "record",
    word: "Consents and visitors",
    group: "Who looked",
    roles: ["privacy"],
    Shown: lazy(() => import("@/privacy/record/ConsentsAndVisitors").then((m) => ({ default: m.ConsentsAndVisitors }))),
  },
  {
    key: "policies",
    word: "Who may what",
    group: "Who may",
    roles: ["privacy", "auditor", "admin"],
    Shown: lazy(() => import("@/privacy/policies/AccessPolicies").then((m) => ({ default: m.AccessPolicies }))),
  },
  {
    key: "apps",
    word: "Apps",
    group: "Who may",
    roles: ["admin"],
    Shown: lazy(() => import("@/privacy/apps/Apps").then((m) => ({ default: m.Apps }))),
  },
  {
    key: "origins",
    word: "Other sites",
    group: "Who may",
    roles: ["admin", "privacy", "auditor"],
    Shown: lazy(() => import("@/privacy/origins/Origins").then((m) => ({ default: m.Origins }))),
  },
  {
    key: "retention",
    word: "Retention and erasure",
    group: "What is kept",
    roles: ["privacy", "auditor", "admin"],
    Shown: lazy(() => import("@/privacy/retention/RetentionAndErasure").then((m) => ({ default: m.RetentionAndErasure }))),
  },
  {
    key: "deidentify",
    word: "De-identification",
    group: "What is kept",
    roles: ["privacy", "auditor", "admin"],
    Shown: lazy(() => import("@/privacy/deidentify/Deidentify").then((m) => ({ default: m.Deidentify }))),
  },
  {
    key: "keys",
    word: "Keys and certificates",
    group: "What is kept",
    roles: ["admin", "privacy", "auditor"],
    Shown: lazy(() => import("@/privacy/keys/KeysAndCertificates").then((m) => ({ default: m.KeysAndCertificates }))),
  },
  {
    key: "compliance",
    word: "Compliance",
    group: "Proof",
    roles: ["auditor", "privacy", "admin"],
    Shown: lazy(() => import("@/privacy/compliance/Compliance").then((m) => ({ default: m.Compliance }))),
  },
];

export function partsFor(roles: readonly string[]): readonly Part[] {
  return PARTS.filter((part) => part.roles.some((role) => roles.includes(role)));
}
