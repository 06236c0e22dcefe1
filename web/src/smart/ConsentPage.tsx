/** An app of somebody else's asks for access: to what, for whom, and the person's answer. */

import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { hospitalQuery } from "@/api/queries";
import { session } from "@/api/session";
import type { Person } from "@/api/types";
import { Logo } from "@/design/icons";
import { Problem } from "@/design/Problem";
import { Skeleton } from "@/design/Skeleton";
import { useSession } from "@/shell/person";
import { SignInPage } from "@/signin/SignInPage";
import styles from "@/smart/Consent.module.css";
import { PatientChoice, PatientShown } from "@/smart/PatientChoice";
import { decide, requestQuery } from "@/smart/queries";
import { ScopeChoice } from "@/smart/ScopeChoice";
import type { AppRequest } from "@/smart/types";

export function ConsentPage() {
  const state = useSession();
  const hospital = useQuery(hospitalQuery);
  if (hospital.error) return <Problem error={hospital.error} again={() => void hospital.refetch()} />;
  if (state.status === "starting" || !hospital.data) return null;
  if (state.status === "out")
    return <SignInPage hospital={hospital.data} notice={state.notice || "An app asks for access. Sign in to decide about it."} />;
  return (
    <main className={styles.page}>
      <article className={styles.panel}>
        <header className={styles.brand}>
          <Logo />
          {hospital.data.name}
        </header>
        <Asking key={state.person.id} person={state.person} />
      </article>
    </main>
  );
}

function Asking({ person }: { person: Person }) {
  const [word] = useState(() => new URLSearchParams(location.search).get("request") ?? "");
  const { data, error, refetch } = useQuery(requestQuery(word));
  if (error) return <Problem error={error} safe="The app was told nothing, and nobody was sent anywhere." again={() => void refetch()} />;
  if (!data)
    return (
      <p>
        <Skeleton width="100%" height="12rem" />
      </p>
    );
  return <Question word={word} asked={data} person={person} />;
}

function Question({ word, asked, person }: { word: string; asked: AppRequest; person: Person }) {
  const [kept, setKept] = useState<readonly string[]>(() => asked.scopes.map((each) => each.scope));
  const [patient, setPatient] = useState("");
  const deciding = useMutation({
    mutationFn: (allow: boolean) => decide({ request: word, allow, scopes: allow ? [...kept] : [], patient: allow ? patient : "" }),
    onSuccess: ({ redirect }) => location.assign(redirect),
  });
  const lines = asked.scopes.filter((each) => kept.includes(each.scope));
  const lacksPatient = asked.chooses_patient && !patient && lines.some((each) => each.needs_patient);
  const isEmpty = !lines.some((each) => each.kind === "read" || each.kind === "change" || each.scope === "openid");
  const busy = deciding.isPending || deciding.isSuccess;
  return (
    <>
      <h1>{asked.app} asks for access</h1>
      <p className={styles.from}>
        {asked.publisher ? `By ${asked.publisher}, at ` : "At "}
        <b>{asked.host}</b>. It would act for you, <b>{person.name}</b>.{" "}
        <button type="button" className="link" onClick={() => void session.signOut()}>
          Not you?
        </button>
      </p>
      {asked.patient && <PatientShown patient={asked.patient} />}
      {asked.chooses_patient && <PatientChoice chosen={patient} onChosen={setPatient} />}
      <ScopeChoice lines={asked.scopes} kept={kept} onKept={setKept} />
      {deciding.error && <strong role="alert">{deciding.error.message}</strong>}
      {isEmpty && <p role="status">Leave it something to see, or do not allow it.</p>}
      <div className={styles.buttons}>
        <button type="button" className="button" disabled={busy} onClick={() => deciding.mutate(false)}>
          Do not allow
        </button>
        <button type="button" className="button main" disabled={busy || lacksPatient || isEmpty} onClick={() => deciding.mutate(true)}>
          {busy ? `Going back to ${asked.app}` : "Allow"}
        </button>
      </div>
      <p className="fine">
        It never sees more than you may see. What it does is recorded with your name. You can take this back at any time: your name, Apps
        you have allowed.
      </p>
    </>
  );
}
