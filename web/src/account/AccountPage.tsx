/** Your account: who you are here, your password, your second factors, where you are signed in. */

import { PasswordInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { FormEvent } from "react";
import styles from "@/account/Account.module.css";
import { FactorsPanel } from "@/account/FactorsPanel";
import { changePassword, endOthers, endSession, factorsQuery, type OwnSession, sessionsQuery } from "@/account/queries";
import { failed, note } from "@/acts/toasts";
import { PageHead } from "@/design/PageParts";
import { Problem } from "@/design/Problem";
import { Skeleton } from "@/design/Skeleton";
import { usePerson } from "@/shell/person";
import system from "@/system/System.module.css";
import { deviceSaid, ROLES } from "@/system/words";
import { moment } from "@/time/words";

export function AccountPage() {
  const ours = useQuery(factorsQuery).data?.password;
  return (
    <div className={system.page}>
      <PageHead title="Your account" />
      <div className={styles.page}>
        <div className={styles.column}>
          <FactorsPanel />
          {ours && <Password />}
        </div>
        <div className={styles.column}>
          <Who />
          <Sessions />
        </div>
      </div>
    </div>
  );
}

function Who() {
  const person = usePerson();
  return (
    <section className={`panel ${styles.panel}`} aria-label="Who you are here">
      <h2>{person.name}</h2>
      <p>
        {person.units.length > 0 ? `You look after ${person.units.join(", ")}.` : "You look after the whole house."} Administrators change
        this.
      </p>
      <ul className={styles.roles}>
        {ROLES.filter(([role]) => person.roles.includes(role)).map(([role, word, may]) => (
          <li key={role}>
            <b>{word}</b>
            <small>{may}</small>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Password() {
  const changing = useMutation({
    mutationFn: changePassword,
    onSuccess: () => note("Your password is changed. You were signed out everywhere else."),
  });

  function decide(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const form = event.currentTarget;
    const entered = new FormData(form);
    changing.mutate({ old: String(entered.get("old")), new: String(entered.get("new")) }, { onSuccess: () => form.reset() });
  }

  return (
    <section className={`panel ${styles.panel}`} aria-label="Password">
      <h2>Password</h2>
      <form className={styles.form} onSubmit={decide}>
        <PasswordInput
          name="old"
          label="The one you have"
          autoComplete="current-password"
          required
          withAsterisk={false}
          visibilityToggleButtonProps={{ "aria-label": "Show the password you have", tabIndex: 0 }}
        />
        <PasswordInput
          name="new"
          label="The new one"
          description="At least 12 characters; three unrelated words are a good one"
          autoComplete="new-password"
          required
          withAsterisk={false}
          visibilityToggleButtonProps={{ "aria-label": "Show the new password", tabIndex: 0 }}
        />
        {changing.error && <strong role="alert">{changing.error.message}</strong>}
        <button type="submit" className="button" disabled={changing.isPending}>
          Change the password
        </button>
      </form>
    </section>
  );
}

function Sessions() {
  const { data, error, refetch } = useQuery(sessionsQuery);
  const queries = useQueryClient();
  const ending = useMutation({
    mutationFn: (one: OwnSession | null) => (one ? endSession(one.id) : endOthers()),
    onSuccess: (_, one) => {
      note(one ? `Signed out on ${deviceSaid(one.device)}.` : "Signed out everywhere but here.");
      void queries.invalidateQueries({ queryKey: sessionsQuery.queryKey });
    },
    onError: (problem) => failed(problem.message),
  });
  const others = data?.filter((each) => !each.current) ?? [];
  return (
    <section className={`panel ${styles.panel}`} aria-label="Where you are signed in">
      <h2>Where you are signed in</h2>
      {error && <Problem error={error} again={() => void refetch()} />}
      {!data && !error && <Skeleton width="100%" height="4rem" />}
      <ul>
        {data?.map((each) => (
          <li key={each.id} className={styles.line}>
            <span>
              <b>{deviceSaid(each.device)}</b>
              {each.current && " (this one)"}
              <small>
                since {said(each.started_at)}, last used {said(each.seen_at)}
                {each.factors > 1 && ", with a second factor"}
              </small>
            </span>
            {!each.current && (
              <button type="button" className="button" disabled={ending.isPending} onClick={() => ending.mutate(each)}>
                Sign out
              </button>
            )}
          </li>
        ))}
      </ul>
      {others.length > 1 && (
        <div className={styles.buttons}>
          <button type="button" className="button" disabled={ending.isPending} onClick={() => ending.mutate(null)}>
            Sign out everywhere else
          </button>
        </div>
      )}
    </section>
  );
}

/** Sessions run by this machine's clock, not by a simulated hospital's. */
const said = (at: string): string => moment(at, Date.now());
