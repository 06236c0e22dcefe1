/** The head of a page that has parts: its title, and beside it the ways to them. On a phone many parts are one list to choose from. */

import { Link, type LinkProps, useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useNarrow } from "@/design/media";
import styles from "@/design/PageParts.module.css";

/** So many fit on a phone without scrolling sideways, where nobody would look for the rest. */
const FIT_ON_A_PHONE = 3;

export interface PagePart<Key extends string = string> {
  key: Key;
  word: string;
  /** Parts that belong together stand together; the list on a phone says what they have in common. */
  group?: string;
}

interface Props<Key extends string> {
  title: string;
  parts: readonly PagePart<Key>[];
  open: Key | undefined;
  way: (key: Key) => Pick<LinkProps, "to" | "search">;
  /** What stands beside the ways: a search. */
  children?: ReactNode;
}

export function PageParts<Key extends string>({ title, parts, open, way, children }: Props<Key>) {
  const narrow = useNarrow();
  const groups = [...new Set(parts.map((part) => part.group))].map((group) => ({
    group,
    members: parts.filter((part) => part.group === group),
  }));
  return (
    <PageHead title={title}>
      {narrow && parts.length > FIT_ON_A_PHONE ? (
        <Choice groups={groups} open={open} way={way} />
      ) : (
        <nav className={styles.tabs} aria-label="Parts of this page">
          {groups.map(({ group, members }) => (
            <div key={group ?? ""}>
              {members.map(({ key, word }) => (
                <Link
                  key={key}
                  {...way(key)}
                  activeOptions={{ exact: true, includeSearch: true }}
                  aria-current={key === open ? "page" : undefined}
                >
                  {word}
                </Link>
              ))}
            </div>
          ))}
        </nav>
      )}
      {children}
    </PageHead>
  );
}

/** The head of a page without parts looks the same. */
export function PageHead({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <header className={styles.header}>
      <h1>{title}</h1>
      {children}
    </header>
  );
}

interface ChoiceProps<Key extends string> extends Pick<Props<Key>, "open" | "way"> {
  groups: readonly { group: string | undefined; members: readonly PagePart<Key>[] }[];
}

function Choice<Key extends string>({ groups, open, way }: ChoiceProps<Key>) {
  const navigate = useNavigate();
  return (
    <select
      className={styles.choice}
      aria-label="Part of this page"
      value={open}
      onChange={(event) => void navigate(way(event.currentTarget.value as Key))}
    >
      {groups.map(({ group, members }) => (
        <optgroup key={group ?? ""} label={group}>
          {members.map(({ key, word }) => (
            <option key={key} value={key}>
              {word}
            </option>
          ))}
        </optgroup>
      ))}
    </select>
  );
}
