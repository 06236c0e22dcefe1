/** The pages of the top bar: address, word, key, and which roles have use for them. */

export interface Page {
  to: "/mine" | "/board" | "/queue" | "/imaging" | "/policy" | "/library" | "/guidelines" | "/quality" | "/feeds" | "/privacy" | "/system";
  word: string;
  /** `g` and this letter go there. */
  key: string;
  roles: readonly string[] | "all";
}

const CLINICAL = ["nurse", "doctor", "manager"] as const;
const CARE = [...CLINICAL, "radiologist", "pharmacist"] as const;

/** Of somebody who is here as a patient and as nothing else. */
const OWN: Page = { to: "/mine", word: "My record", key: "r", roles: ["patient"] };

export const PAGES: readonly Page[] = [
  { to: "/board", word: "Ward board", key: "b", roles: CARE },
  { to: "/queue", word: "Queue", key: "q", roles: CARE },
  { to: "/imaging", word: "Imaging", key: "i", roles: [...CARE, "engineer"] },
  { to: "/policy", word: "Alert policy", key: "p", roles: [...CLINICAL, "engineer", "auditor"] },
  { to: "/library", word: "Library", key: "l", roles: "all" },
  { to: "/guidelines", word: "Guidelines", key: "e", roles: CARE },
  { to: "/quality", word: "Quality", key: "u", roles: ["doctor", "manager", "auditor"] },
  { to: "/feeds", word: "Feeds", key: "f", roles: [...CLINICAL, "engineer", "admin"] },
  { to: "/privacy", word: "Privacy", key: "v", roles: ["auditor", "privacy", "admin"] },
  { to: "/system", word: "System", key: "s", roles: "all" },
];

/** Where a person begins: the ward if they care for patients, the feeds if they care for those. */
export function firstPage(roles: readonly string[]): Page["to"] {
  const open = pagesFor(roles).map((page) => page.to);
  return (["/mine", "/board", "/feeds", "/system"] as const).find((to) => open.includes(to)) ?? "/library";
}

export const isPatient = (roles: readonly string[]): boolean => roles.length === 1 && roles[0] === "patient";

export function pagesFor(roles: readonly string[]): readonly Page[] {
  if (isPatient(roles)) return [OWN];
  return PAGES.filter((page) => page.roles === "all" || page.roles.some((role) => roles.includes(role)));
}
