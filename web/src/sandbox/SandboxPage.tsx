/** A small EHR with made-up patients that asks Wardline at its hooks: how cards look from the other side, and what goes over the wire. */

import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useMemo, useRef, useState } from "react";
import { read } from "@/api/client";
import { Problem } from "@/design/Problem";
import { CardView } from "@/sandbox/CardView";
import { Chart } from "@/sandbox/Chart";
import { Orders } from "@/sandbox/Orders";
import { OverrideCard } from "@/sandbox/OverrideCard";
import { type Drug, orderOf, PEOPLE, type Person, recordOf } from "@/sandbox/people";
import styles from "@/sandbox/Sandbox.module.css";
import type { Coding, Exchange, Resource, Service, ShownCard, Suggestion } from "@/sandbox/types";
import { type Context, fire, tell } from "@/sandbox/wire";
import { Wire } from "@/sandbox/Wire";

/** The services this EHR has subscribed to, by hook. */
const SUBSCRIBED: Record<string, readonly string[]> = {
  "patient-view": ["patient-summary"],
  "order-select": ["order-safety-order-select"],
  "order-sign": ["order-safety"],
  "encounter-discharge": ["patient-summary-encounter-discharge"],
};

const servicesQuery = {
  queryKey: ["cds-services"],
  queryFn: ({ signal }: { signal: AbortSignal }) => read<{ services: Service[] }>("/cds-services", signal),
  staleTime: Infinity,
};

export function SandboxPage() {
  const { data, error, refetch } = useQuery(servicesQuery);
  const [person, setPerson] = useState<Person>(PEOPLE[0] as Person);
  return (
    <div className={styles.page}>
      <header className={styles.header}>
        <div>
          <h1>Sandbox EHR</h1>
          <p className="fine">
            Made-up patients in a made-up EHR. Its hooks ask Wardline as a real one would; nothing here is about anybody.
          </p>
        </div>
        <Link to="/library" className="link">
          Library
        </Link>
      </header>
      {error && !data && <Problem error={error} again={() => void refetch()} />}
      {!error && !data && <p className="fine">Asking which services there are …</p>}
      {data && <Ehr key={person.id} person={person} services={data.services} onOpen={setPerson} />}
    </div>
  );
}

function Ehr({ person, services, onOpen }: { person: Person; services: readonly Service[]; onOpen: (person: Person) => void }) {
  const ehr = useEhr(person, services);
  const [overriding, setOverriding] = useState<ShownCard>();

  return (
    <div className={styles.halves}>
      <section className={styles.ehr} aria-label="The EHR">
        <nav className={styles.people} aria-label="Patients">
          {PEOPLE.map((each) => (
            <button key={each.id} type="button" aria-pressed={each.id === person.id} onClick={() => onOpen(each)}>
              {each.name}
            </button>
          ))}
        </nav>
        <section className={styles.cards} aria-label="Cards" aria-live="polite" aria-busy={ehr.busy}>
          <h2 className="spoken">Cards</h2>
          {ehr.cards.length === 0 && <p className="fine">{ehr.busy ? "Asking …" : `Nothing to say at ${ehr.hook}.`}</p>}
          {ehr.cards.map((each) => (
            <CardView key={each.card.uuid} shown={each} onAccept={(how) => ehr.accept(each, how)} onOverride={() => setOverriding(each)} />
          ))}
        </section>
        <Chart person={person} />
        <Orders drafts={ehr.drafts} busy={ehr.busy} onChoose={ehr.choose} onRemove={ehr.remove} onSign={ehr.sign} />
        <button type="button" className={`button ${styles.discharge}`} disabled={ehr.busy} onClick={ehr.discharge}>
          Discharge
        </button>
      </section>
      <Wire exchanges={ehr.exchanges} />
      {overriding && (
        <OverrideCard
          card={overriding.card}
          onClose={() => setOverriding(undefined)}
          onChosen={(reason, comment) => {
            ehr.override(overriding, reason, comment);
            setOverriding(undefined);
          }}
        />
      )}
    </div>
  );
}

/** What happens in the EHR: its drafts, the cards it shows, and every call it made for this patient, the newest first. */
function useEhr(person: Person, services: readonly Service[]) {
  const record = useMemo(() => recordOf(person), [person]);
  const [drafts, setDrafts] = useState<readonly Drug[]>([]);
  const [cards, setCards] = useState<readonly ShownCard[]>([]);
  const [exchanges, setExchanges] = useState<readonly Exchange[]>([]);
  const [busy, setBusy] = useState(false);
  const [hook, setHook] = useState("patient-view");
  const asked = useRef(0);

  async function ask(at: string, more: Record<string, unknown> = {}): Promise<void> {
    const question = ++asked.current;
    setBusy(true);
    setHook(at);
    const wanted = services.filter((each) => SUBSCRIBED[at]?.includes(each.id));
    const context: Context = { userId: "Practitioner/sandbox", patientId: person.id, encounterId: "sandbox-1", ...more };
    const answered = await fire(wanted, context, record);
    setExchanges((before) => [...answered.exchanges, ...before]);
    if (question !== asked.current) return; // somebody went on meanwhile: these cards are about a moment that is over
    setCards(answered.cards);
    setBusy(false);
  }

  // Opening the chart is the first hook. It is asked once for each patient, as the page is made anew for each.
  const opened = useRef(false);
  useEffect(() => {
    if (opened.current) return;
    opened.current = true;
    void ask("patient-view");
  });

  const bundle = (listed: readonly Drug[]): { resourceType: string; entry: { resource: Resource }[] } => ({
    resourceType: "Bundle",
    entry: listed.map((each) => ({ resource: orderOf(person, each, "draft", new Date().toISOString()) })),
  });

  function choose(drug: Drug): void {
    const all = [...drafts, drug];
    setDrafts(all);
    void ask("order-select", { selections: [`MedicationRequest/draft-${drug.code}`], draftOrders: bundle(all) });
  }

  function answer(shown: ShownCard, words: string): void {
    setCards((before) => before.map((each) => (each.card.uuid === shown.card.uuid ? { ...each, answer: words } : each)));
  }

  function say(shown: ShownCard, words: string, outcome: Omit<Parameters<typeof tell>[1], "card" | "outcomeTimestamp">): void {
    tell(shown.service, { card: shown.card.uuid, outcomeTimestamp: new Date().toISOString(), ...outcome }).then(
      () => answer(shown, words),
      () => answer(shown, "The feedback could not be sent."),
    );
  }

  return {
    drafts,
    cards,
    exchanges,
    busy,
    hook,
    choose,
    remove: (drug: Drug) => setDrafts((before) => before.filter((each) => each.code !== drug.code)),
    sign: () => void ask("order-sign", { draftOrders: bundle(drafts) }),
    discharge: () => void ask("encounter-discharge"),
    accept: (shown: ShownCard, suggestion: Suggestion) => {
      const gone = suggestion.actions.map((each) => each.resourceId);
      setDrafts((before) => before.filter((each) => !gone.includes(`MedicationRequest/draft-${each.code}`)));
      say(shown, `Accepted: ${suggestion.label}`, { outcome: "accepted", acceptedSuggestions: [{ id: suggestion.uuid }] });
    },
    override: (shown: ShownCard, reason: Coding, comment: string) => {
      const why = {
        reason: { code: reason.code, ...(reason.system ? { system: reason.system } : {}) },
        ...(comment ? { userComment: comment } : {}),
      };
      say(shown, `Overridden: ${reason.display ?? reason.code}`, { outcome: "overridden", overrideReason: why });
    },
  };
}
