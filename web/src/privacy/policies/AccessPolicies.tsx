/** Who may do what: ask why, see who was refused lately, and read the policies that decide. */

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Problem } from "@/design/Problem";
import { Skeleton } from "@/design/Skeleton";
import { Explorer } from "@/privacy/policies/Explorer";
import styles from "@/privacy/policies/AccessPolicies.module.css";
import { PolicyText } from "@/privacy/policies/PolicyText";
import { type AccessPolicy, type Asked, policiesQuery, type Refusal, refusalsQuery } from "@/privacy/policies/queries";
import system from "@/system/System.module.css";
import { moment } from "@/time/words";

export function AccessPolicies() {
  const { data, error, refetch } = useQuery(policiesQuery);
  const [asked, setAsked] = useState<Asked | null>(null);
  if (error && !data) return <Problem error={error} again={() => void refetch()} />;
  if (!data)
    return (
      <section className="panel">
        <p className={system.bone}>
          <Skeleton width="50%" />
        </p>
      </section>
    );
  return (
    <>
      <Explorer actions={data.actions} asked={asked} onAsk={setAsked} />
      <Refusals
        words={new Map(data.actions.map((each) => [each.name, each.words]))}
        onWhy={(refusal) => {
          setAsked({
            person: refusal.login || refusal.who,
            role: "",
            unit: "",
            action: refusal.action,
            patient: refusal.number || refusal.patient,
          });
          document.getElementById("page")?.scrollTo(0, 0);
        }}
      />
      <Policies policies={data.policies} />
    </>
  );
}

const SHOWN = 8;

function Refusals({ words, onWhy }: { words: ReadonlyMap<string, string>; onWhy: (refusal: Refusal) => void }) {
  const { data, error } = useQuery(refusalsQuery);
  const [all, setAll] = useState(false);
  if (error && !data) return <Problem error={error} />;
  const items = data?.items ?? [];
  return (
    <section className="panel" aria-label="Refused lately">
      <h2 className={system.head}>Refused in the last seven days</h2>
      {data && items.length === 0 && <p className={system.says}>Nobody who was signed in was refused anything.</p>}
      <ul>
        {items.slice(0, all ? undefined : SHOWN).map((each, index) => (
          <li key={index} className={styles.refusal}>
            <p>
              {each.name} <small>{moment(each.at, Date.parse(data?.as_of ?? ""))}</small>
            </p>
            <p>
              {words.get(each.action) ?? each.door}
              {each.number && <small> patient {each.number}</small>}
            </p>
            <p className={styles.second}>{each.said}</p>
            {each.action ? (
              <button type="button" className="button" onClick={() => onWhy(each)}>
                Why?
              </button>
            ) : (
              <span />
            )}
          </li>
        ))}
      </ul>
      {!all && items.length > SHOWN && (
        <p className={styles.more}>
          <button type="button" className="button" onClick={() => setAll(true)}>
            Show all {items.length}
          </button>
        </p>
      )}
    </section>
  );
}

function Policies({ policies }: { policies: readonly AccessPolicy[] }) {
  return (
    <section className="panel" aria-label="Policies">
      <h2 className={system.head}>Policies in force</h2>
      <p className={system.says}>
        What none of these permits is refused; one that forbids goes before any number that permit. A site adds its own in{" "}
        <code>config/policies</code>; they are read at the start.
      </p>
      <ul>
        {policies.map((each) => (
          <li key={each.id} className={styles.policy}>
            <PolicyText policy={each} />
          </li>
        ))}
      </ul>
    </section>
  );
}
