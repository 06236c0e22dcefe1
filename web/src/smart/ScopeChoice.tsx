/** What an app asks for, line by line; what the person takes away is not given. */

import styles from "@/smart/Consent.module.css";
import type { ScopeLine } from "@/smart/types";

const GROUPS: readonly [ScopeLine["kind"], string][] = [
  ["change", "Changing the record"],
  ["read", "Reading the record"],
  ["who", "About you and your choice"],
  ["stay", "How long"],
];

interface Props {
  lines: readonly ScopeLine[];
  kept: readonly string[];
  onKept: (scopes: readonly string[]) => void;
}

export function ScopeChoice({ lines, kept, onKept }: Props) {
  return (
    <>
      {GROUPS.map(([kind, title]) => {
        const those = lines.filter((each) => each.kind === kind);
        if (those.length === 0) return null;
        return (
          <fieldset key={kind} className={styles.scopes} data-kind={kind}>
            <legend>{title}</legend>
            {those.map((each) => (
              <label key={each.scope}>
                <input
                  type="checkbox"
                  checked={kept.includes(each.scope)}
                  onChange={(event) => onKept(event.target.checked ? [...kept, each.scope] : kept.filter((scope) => scope !== each.scope))}
                />
                <span>
                  {each.words}
                  <small>{each.scope}</small>
                </span>
              </label>
            ))}
          </fieldset>
        );
      })}
    </>
  );
}
