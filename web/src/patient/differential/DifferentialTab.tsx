/** Differential: what else could it be, what speaks for and against it, and what would settle it? Toggle a finding and see the change. */

import { useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { Empty } from "@/design/Empty";
import { Problem } from "@/design/Problem";
import { Skeleton } from "@/design/Skeleton";
import { usePatientSearch } from "@/patient/asOf";
import styles from "@/patient/differential/Differential.module.css";
import { Explanations } from "@/patient/differential/Explanations";
import { Findings } from "@/patient/differential/Findings";
import { NextQuestions } from "@/patient/differential/NextQuestions";
import { pictureQuery, presentationsQuery } from "@/patient/differential/queries";
import { RedFlags } from "@/patient/differential/RedFlags";
import type { Picture, Presentation, Supposed } from "@/patient/differential/types";
import type { WholePatient } from "@/patient/types";

const NOTHING: Supposed = {};

export function DifferentialTab({ patient }: { patient: WholePatient }) {
  const { search } = usePatientSearch();
  const [chosen, choose] = useState("");
  const [supposed, suppose] = useState<Supposed>(NOTHING);
  const library = useQuery(presentationsQuery);
  const recorded = useQuery(pictureQuery(patient.id, chosen, NOTHING, search.as_of));
  const picture = useQuery(pictureQuery(patient.id, chosen, supposed, search.as_of));
  const failed = library.error ?? (picture.data ? null : picture.error);
  if (failed) return <Problem error={failed} again={() => void Promise.all([library.refetch(), picture.refetch()])} />;
  const presentation = library.data?.presentations.find((each) => each.id === chosen);
  const start = (id: string) => {
    choose(id);
    suppose(NOTHING);
  };
  return (
    <div className={styles.whole}>
      <Reason
        presentations={library.data?.presentations}
        chosen={chosen}
        onChoose={start}
        onClear={() => suppose(NOTHING)}
        supposed={supposed}
      />
      {picture.data && <RedFlags flags={picture.data.red_flags} now={picture.data.as_of} />}
      {picture.data && picture.data.restricted > 0 && (
        <p className={styles.note}>Some facts of this record are not shown to you; this picture does not know them.</p>
      )}
      {chosen === "" ? (
        <Empty title="Why did the patient come?">
          <p>Choose the reason above. The record then answers what it knows, and the question that would tell most stands first.</p>
        </Empty>
      ) : presentation && picture.data ? (
        <Columns
          key={presentation.id}
          presentation={presentation}
          picture={picture.data}
          recorded={recorded.data}
          supposed={supposed}
          suppose={suppose}
        />
      ) : (
        <Skeleton width="60%" />
      )}
    </div>
  );
}

interface ReasonProps {
  presentations: Presentation[] | undefined;
  chosen: string;
  supposed: Supposed;
  onChoose: (id: string) => void;
  onClear: () => void;
}

function Reason({ presentations, chosen, supposed, onChoose, onClear }: ReasonProps) {
  const id = useId();
  const count = Object.keys(supposed).length;
  return (
    <div className={styles.reason}>
      <label htmlFor={id}>Reason to come</label>
      <select id={id} className="button" value={chosen} onChange={(event) => onChoose(event.target.value)}>
        <option value="">– not chosen</option>
        {presentations?.map((each) => (
          <option key={each.id} value={each.id}>
            {each.title}
          </option>
        ))}
      </select>
      {count > 0 && (
        <button type="button" className="button" onClick={onClear}>
          Back to the record alone ({count} stated here)
        </button>
      )}
      <p className={styles.standing}>
        <b>Provisional.</b> Figures recalled from published reviews, not yet approved by this hospital’s clinicians. Only listed
        explanations are weighed. Nothing said here is kept, and nobody is alerted.
      </p>
    </div>
  );
}

interface ColumnsProps {
  presentation: Presentation;
  picture: Picture;
  recorded: Picture | undefined;
  supposed: Supposed;
  suppose: (next: Supposed) => void;
}

function Columns({ presentation, picture, recorded, supposed, suppose }: ColumnsProps) {
  const answer = (question: string, said: string | undefined) => {
    const { [question]: _, ...others } = supposed;
    suppose(said === undefined ? others : { ...others, [question]: said });
  };
  return (
    <div className={styles.columns}>
      <Explanations picture={picture} recorded={recorded} />
      <div className={styles.side}>
        <NextQuestions questions={picture.next_questions} onAnswer={answer} />
        <Findings presentation={presentation} answered={picture.answered} supposed={supposed} onAnswer={answer} />
      </div>
    </div>
  );
}
