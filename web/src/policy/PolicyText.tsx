/** The draft as text, to read, copy, or write by hand: the same document the hospital keeps, with its sources beside its numbers. */

import { useEffect, useState } from "react";
import { Copy } from "@/library/Copy";
import type { Draft } from "@/policy/draft";
import styles from "@/policy/Editor.module.css";
import type { Checked, Policy } from "@/policy/types";

interface Props {
  policy: Policy;
  draft: Draft;
  checked: Checked | undefined;
  onText: (text: string) => void;
}

export function PolicyText({ policy, draft, checked, onText }: Props) {
  const said = draft.text !== undefined && Object.keys(draft.changes).length === 0 ? draft.text : (checked?.text ?? policy.text);
  const [typed, setTyped] = useState(said);
  useEffect(() => setTyped(said), [said]);
  return (
    <div className={styles.text}>
      <textarea
        aria-label="The policy as text"
        spellCheck={false}
        rows={28}
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          onText(event.target.value);
        }}
      />
      <p>
        <Copy text={typed} />
      </p>
    </div>
  );
}
