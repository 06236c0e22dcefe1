/** One capability: what it answers and for whom, its bands and inputs, its reference cases as they ran here, and a form to try it. */

import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useMemo, useRef, useState } from "react";
import { Problem } from "@/design/Problem";
import { Skeleton } from "@/design/Skeleton";
import { BandChart } from "@/library/BandChart";
import styles from "@/library/CapabilityPage.module.css";
import { Cases } from "@/library/Cases";
import { Inputs } from "@/library/Inputs";
import { assessQuery, wholeCapabilityQuery } from "@/library/queries";
import { fieldsOf, questionFrom, type Typed, typedFrom } from "@/library/question";
import { TryIt } from "@/library/TryIt";
import type { WholeCapability } from "@/library/types";
import { sentence, shortTitle } from "@/library/words";
import { clock } from "@/time/clock";
import { moment } from "@/time/words";

const TYPING_MS = 150;

export function CapabilityPage() {
  const { id } = useParams({ from: "/in/library/$id" });
  const { data, error, refetch } = useQuery(wholeCapabilityQuery(id));
  if (error) return <Problem error={error} safe="Nothing was changed." again={() => void refetch()} />;
  return data ? <Capability key={id} capability={data} /> : <Waiting />;
}

function Capability({ capability }: { capability: WholeCapability }) {
  // The page opens with an example: the first reference case, not an empty form.
  const [filledFrom, setFilledFrom] = useState(capability.cases[0]?.name ?? "");
  const [typed, setTyped] = useState<Typed>(typedFrom(capability.cases[0]?.given ?? {}));
  const form = useRef<HTMLDivElement>(null);
  const question = useMemo(() => questionFrom(fieldsOf(capability), typed), [capability, typed]);
  const [asked] = useDebouncedValue(question, TYPING_MS);
  const answer = useQuery(assessQuery(capability.id, asked));

  function fill(name: string): void {
    const chosen = capability.cases.find((each) => each.name === name);
    if (!chosen) return;
    setFilledFrom(name);
    setTyped(typedFrom(chosen.given));
  }

  function type(next: Typed): void {
    setFilledFrom("");
    setTyped(next);
  }

  return (
    <div className="page">
      <Head capability={capability} />
      <div className={styles.columns}>
        <div className={styles.grounds}>
          {capability.chart && <BandChart capability={capability} question={asked} answer={answer.data} />}
          <Inputs capability={capability} />
          <Cases
            capability={capability}
            onTry={(name) => {
              fill(name);
              form.current?.scrollIntoView({ block: "nearest" });
              form.current?.querySelector("select")?.focus({ preventScroll: true });
            }}
          />
        </div>
        <div ref={form} className={styles.form}>
          <TryIt
            capability={capability}
            typed={typed}
            onTyped={type}
            filledFrom={filledFrom}
            onCase={fill}
            question={question}
            answer={answer.data}
            error={answer.error}
          />
        </div>
      </div>
    </div>
  );
}

function Head({ capability }: { capability: WholeCapability }) {
  const since = capability.not_watched_since;
  return (
    <header className={styles.head}>
      <p className="fine">
        <Link to="/library">Library</Link>
      </p>
      <h1>{shortTitle(capability.title)}</h1>
      <p className={styles.question}>{sentence(capability.question)}</p>
      {since && (
        <p className={styles.stopped}>
          Not watched since {moment(since, clock.now())}: it failed then and is tried again with the next message.
        </p>
      )}
      <dl className={styles.facts}>
        <Fact term="Reference">
          {capability.reference} <small>version {capability.version}</small>
        </Fact>
        <Fact term="Standing">
          {capability.standing === "verified" ? "Verified" : "Provisional"}
          <small>
            {capability.standing === "verified"
              ? "the source was read, or two implementations agree"
              : "waits for this hospital's clinicians; never interrupts"}
          </small>
        </Fact>
        <Fact term="Not for">{capability.not_for ? sentence(capability.not_for) : "– no group is left out"}</Fact>
        <Fact term="Caution">{capability.caution || "– none given"}</Fact>
        <Fact term="With inputs missing">
          {capability.additive
            ? "Says “at least”: what is known can raise an alarm, never look complete"
            : "Answers only when everything needed is there"}
        </Fact>
        <Fact term="Code">
          <code>{capability.digest}</code> <small>about each {capability.about}</small>
        </Fact>
      </dl>
    </header>
  );
}

function Fact({ term, children }: { term: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Waiting() {
  return (
    <div className="page">
      <div className={styles.head}>
        <Skeleton width="320px" height="28px" />
      </div>
      <div className={styles.columns}>
        <div className={`panel ${styles.bones}`} />
        <div className={`panel ${styles.bones}`} />
      </div>
    </div>
  );
}
