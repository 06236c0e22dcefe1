/** Ask: every score and rule that answers only when somebody asks, with the record filled in, and one of them opened to say the rest. */

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Empty } from "@/design/Empty";
import { useNarrow } from "@/design/media";
import { Problem } from "@/design/Problem";
import { Skeleton } from "@/design/Skeleton";
import { areaWords, sentence, shortTitle } from "@/library/words";
import { usePatientSearch } from "@/patient/asOf";
import styles from "@/patient/asking/Ask.module.css";
import { Asking } from "@/patient/asking/Asking";
import { answerableQuery } from "@/patient/asking/queries";
import type { WaitingQuestion } from "@/patient/asking/types";
import { isFound, saidShortly, urgency } from "@/patient/asking/words";
import type { WholePatient } from "@/patient/types";

export function AskTab({ patient }: { patient: WholePatient }) {
  const { search, change } = usePatientSearch();
  const narrow = useNarrow();
  const { data, error, refetch } = useQuery(answerableQuery(patient.id, search.as_of));
  const [find, setFind] = useState("");
  if (error && !data) return <Problem error={error} again={() => void refetch()} />;
  if (!data) return <Waiting />;
  const open = data.questions.find((each) => each.id === search.ask);
  const shown = data.questions.filter((each) => matches(each, find));
  const list = (
    <section className={`panel ${styles.list}`} aria-label="Questions">
      <h2>
        Ask <small>the record fills in what it knows</small>
      </h2>
      <input
        type="search"
        className={styles.find}
        aria-label="Find a question"
        placeholder="Find a score or question"
        value={find}
        onChange={(event) => setFind(event.target.value)}
      />
      {data.restricted > 0 && (
        <p className={styles.restricted}>Some facts of this record are not shown to you; these answers do not know them.</p>
      )}
      {shown.length === 0 && (
        <Empty title="No question matches">
          <p>Search for a name such as SOFA, or a word of the question.</p>
        </Empty>
      )}
      <Groups questions={shown} open={open?.id} onOpen={(id) => change({ ask: id })} />
    </section>
  );
  if (narrow && open) return <Asking key={open.id} patient={patient} question={open} onBack={() => change({ ask: undefined })} />;
  return (
    <div className={styles.columns}>
      {list}
      {!narrow &&
        (open ? (
          <Asking key={open.id} patient={patient} question={open} />
        ) : (
          <Empty title="Choose a question">
            <p>What the record already answers stands first. Nothing asked here is kept, and nobody is alerted.</p>
          </Empty>
        ))}
    </div>
  );
}

const matches = (each: WaitingQuestion, find: string): boolean =>
  [each.id, each.title, each.question, each.area].some((text) => text.toLowerCase().includes(find.trim().toLowerCase()));

interface GroupsProps {
  questions: readonly WaitingQuestion[];
  open: string | undefined;
  onOpen: (id: string) => void;
}

/** What is answered and matters first, then the rest by area. */
function Groups({ questions, open, onOpen }: GroupsProps) {
  const found = questions.filter((each) => isFound(each.answer)).sort((one, other) => urgency(other.answer) - urgency(one.answer));
  const rest = questions.filter((each) => !isFound(each.answer));
  const areas = [...new Set(rest.map((each) => each.area))].sort();
  return (
    <>
      {found.length > 0 && <Group words="Answered from the record" questions={found} open={open} onOpen={onOpen} />}
      {areas.map((area) => (
        <Group key={area} words={areaWords(area)} questions={rest.filter((each) => each.area === area)} open={open} onOpen={onOpen} />
      ))}
    </>
  );
}

function Group({ words, questions, open, onOpen }: GroupsProps & { words: string }) {
  return (
    <section aria-label={words}>
      <h3>
        {words} <small>{questions.length}</small>
      </h3>
      <ul>
        {questions.map((each) => (
          <li key={each.id}>
            <button type="button" className={styles.line} aria-current={each.id === open || undefined} onClick={() => onOpen(each.id)}>
              <b>{shortTitle(each.title)}</b>
              <span>{saidShortly(each) || sentence(each.question)}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Waiting() {
  return (
    <div className={styles.columns}>
      <section className={`panel ${styles.list}`}>
        {Array.from({ length: 9 }, (_, place) => (
          <p key={place} className={styles.line}>
            <Skeleton width="70%" />
          </p>
        ))}
      </section>
    </div>
  );
}
