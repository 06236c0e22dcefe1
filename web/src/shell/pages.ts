/** The pages of the top bar: address, word, key, and which roles have use for them. */

export interface Page {
  to: "/board" | "/queue" | "/policy" | "/library" | "/feeds" | "/privacy" | "/system";
  word: string;
  /** `g` and this letter go there. */
  key: string;
  roles: readonly string[] | "all";
}

const CLINICAL = ["nurse", "doctor", "manager"] as const;

export const PAGES: readonly Page[] = [
  { to: "/board", word: "Ward board", key: "b", roles: CLINICAL },
  { to: "/queue", word: "Queue", key: "q", roles: CLINICAL },
  { to: "/policy", word: "Alert policy", key: "p", roles: [...CLINICAL, "engineer", "auditor"] },
  { to: "/library", word: "Library", key: "l", roles: "all" },
  { to: "/feeds", word: "Feeds", key: "f", roles: [...CLINICAL, "engineer", "admin"] },
  { to: "/privacy", word: "Privacy", key: "v", roles: ["auditor", "privacy", "admin"] },
  { to: "/system", word: "System", key: "s", roles: "all" },
];

/** Where a person begins: the ward if they care for patients, the feeds if they care for those. */
export function firstPage(roles: readonly string[]): Page["to"] {
  const open = pagesFor(roles).map((page) => page.to);
  return (["/board", "/feeds", "/system"] as const).find((to) => open.includes(to)) ?? "/library";
}

export function pagesFor(roles: readonly string[]): readonly Page[] {
  return PAGES.filter((page) => page.roles === "all" || page.roles.some((role) => roles.includes(role)));
}
