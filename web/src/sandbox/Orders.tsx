/** Choosing drugs and signing them: choosing asks at order-select, signing at order-sign. */

import { useState } from "react";
import { drugWords } from "@/sandbox/Chart";
import { type Drug, FORMULARY } from "@/sandbox/people";
import styles from "@/sandbox/Sandbox.module.css";

interface Props {
  drafts: readonly Drug[];
  busy: boolean;
  onChoose: (drug: Drug) => void;
  onRemove: (drug: Drug) => void;
  onSign: () => void;
}

export function Orders({ drafts, busy, onChoose, onRemove, onSign }: Props) {
  const [code, setCode] = useState("5640");
  const open = FORMULARY.filter((each) => !drafts.some((draft) => draft.code === each.code));
  const chosen = open.find((each) => each.code === code) ?? open[0];
  return (
    <section className={styles.orders} aria-label="Orders">
      <h2>New orders</h2>
      <div className={styles.choose}>
        <select aria-label="Drug" value={chosen?.code} onChange={(event) => setCode(event.currentTarget.value)}>
          {open.map((each) => (
            <option key={each.code} value={each.code}>
              {drugWords(each)}
            </option>
          ))}
        </select>
        <button type="button" className="button" disabled={!chosen || busy} onClick={() => chosen && onChoose(chosen)}>
          Add
        </button>
      </div>
      {drafts.length === 0 && <p className="fine">No drafts.</p>}
      <ul>
        {drafts.map((each) => (
          <li key={each.code}>
            {drugWords(each)}
            <button type="button" className="link" aria-label={`Remove ${each.name}`} onClick={() => onRemove(each)}>
              Remove
            </button>
          </li>
        ))}
      </ul>
      <button type="button" className="button main" disabled={drafts.length === 0 || busy} onClick={onSign}>
        Sign
      </button>
    </section>
  );
}
