/** What must be known before the images are judged: found in the chart, in the study, or said by a person. */

import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Problem } from "@/design/Problem";
import { answerChecklist, caseQuery } from "@/imaging/report/queries";
import styles from "@/imaging/report/Report.module.css";
import type { Case, CheckItem } from "@/imaging/report/types";

const FROM = { chart: "from the chart", study: "from the images", person: "as answered", "": "" } as const;

export function Checklist({ one, patient }: { one: Case; patient: string }) {
  const open = one.checklist.filter(({ state, needed }) => needed && state === "open").length;
  const [shown, setShown] = useState(false);
  if (one.checklist.length === 0) return null;
  return (
    <section className={`panel ${styles.report}`} aria-label="Checklist">
      <header>
        <h2>Checklist</h2>
        <p className="fine">
          {one.question}. {open === 0 ? "Nothing is missing." : <b>{open} missing.</b>}
        </p>
        <button type="button" className="link" aria-expanded={shown} onClick={() => setShown(!shown)}>
          {shown ? "Close" : "Show"}
        </button>
      </header>
      {shown && (
        <ul className={styles.checklist}>
          {one.checklist.map((each) => (
            <Item key={each.item} item={each} one={one} patient={patient} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Item({ item, one, patient }: { item: CheckItem; one: Case; patient: string }) {
  const known = useQueryClient();
  const [found, setFound] = useState("");
  const [failed, setFailed] = useState<unknown>(null);
  const answer = async (event: FormEvent) => {
    event.preventDefault();
    try {
      known.setQueryData(caseQuery(one.study, patient).queryKey, await answerChecklist(one.case, item.item, found.trim()));
    } catch (error) {
      setFailed(error);
    }
  };
  return (
    <li>
      <span>{item.title}</span>
      {item.state !== "open" ? (
        <span>
          {item.value || "known"} <small>{FROM[item.known_from]}</small>
        </span>
      ) : one.may.write ? (
        <form onSubmit={(event) => void answer(event)}>
          <input
            aria-label={item.title}
            placeholder={item.needed ? "needed" : "if known"}
            value={found}
            onChange={(event) => setFound(event.currentTarget.value)}
          />
          <button type="submit" className="button" disabled={found.trim() === ""}>
            Note
          </button>
        </form>
      ) : (
        <span>{item.needed ? <b>– missing</b> : "– not known"}</span>
      )}
      {failed !== null && <Problem error={failed} />}
    </li>
  );
}
