/** What would happen if we were paged by another policy? Its numbers as sliders, the past replayed under it beside today's, and two people to sign. */

import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { Problem } from "@/design/Problem";
import { Skeleton } from "@/design/Skeleton";
import { Advice } from "@/policy/Advice";
import { AlertBurden } from "@/policy/AlertBurden";
import { type Draft, isToday, same, TODAY } from "@/policy/draft";
import { Editor } from "@/policy/Editor";
import { Head } from "@/policy/Head";
import styles from "@/policy/Policy.module.css";
import { Proposals } from "@/policy/Proposals";
import { checkQuery, policyQuery, type Replay, replayQuery } from "@/policy/queries";
import { since } from "@/policy/reach";
import { Result } from "@/policy/Result";
import { SendDialog } from "@/policy/SendDialog";
import type { Policy } from "@/policy/types";
import { useKeys } from "@/shell/keys";
import { clock } from "@/time/clock";

const TYPING_MS = 200;

export function PolicyPage() {
  const { data, error, refetch } = useQuery(policyQuery);
  useEffect(() => {
    if (data) clock.heard(data.as_of);
  }, [data]);
  if (error && !data) return <Problem error={error} safe="The policy in force goes on as it is." again={() => void refetch()} />;
  // Another policy in force is another page: a draft was a draft of the one before.
  return data ? <Page key={data.version} policy={data} /> : <Waiting />;
}

function Page({ policy }: { policy: Policy }) {
  const [draft, setDraft] = useState<Draft>(TODAY);
  const [reach, setReach] = useState("");
  const [replay, setReplay] = useState<Replay | null>(null);
  const [sending, setSending] = useState(false);
  const [settled] = useDebouncedValue(draft, TYPING_MS);
  const check = useQuery({ ...checkQuery(policy.version, settled), enabled: !isToday(settled) });
  const result = useQuery({ ...replayQuery(policy.version, replay ?? { draft: TODAY, reach: "" }), enabled: replay !== null });
  const checked = isToday(draft) ? undefined : check.data;
  const run = useMemo(() => () => setReplay({ draft, reach, since: since(reach) }), [draft, reach]);
  useKeys(useMemo(() => [{ keys: "r", says: "Replay the past with the draft", group: "Alert policy", run }], [run]));
  // A result counts for the draft it was made with; after another move it is the one before.
  const fresh =
    replay !== null && same(replay.draft, draft) && replay.reach === reach && result.data !== undefined && !result.isPlaceholderData;

  return (
    <div className="page">
      <Head
        policy={policy}
        draft={draft}
        result={result.data}
        fresh={fresh}
        running={result.isFetching}
        unreadable={check.error !== null}
        reach={reach}
        onReach={setReach}
        onReplay={run}
        onSend={() => setSending(true)}
      />
      <Proposals policy={policy} onLook={(proposal) => setDraft({ text: proposal.text, changes: {} })} />
      <div className={styles.columns}>
        <Editor
          policy={policy}
          draft={draft}
          checked={checked}
          refused={isToday(draft) ? null : check.error}
          onDraft={setDraft}
          onReplay={run}
        />
        <Result
          result={result.data}
          error={result.error}
          running={result.isFetching}
          outdated={result.data !== undefined && !fresh}
          onStop={() => setReplay(null)}
          onAgain={() => void result.refetch()}
          onStart={run}
        />
      </div>
      <AlertBurden />
      <Advice />
      {sending && checked && (
        <SendDialog
          policy={policy}
          draft={draft}
          checked={checked}
          replayed={fresh ? result.data : undefined}
          onClose={() => setSending(false)}
          onSent={() => setDraft(TODAY)}
        />
      )}
    </div>
  );
}

function Waiting() {
  return (
    <div className="page">
      <header className={`page-head ${styles.header}`}>
        <div>
          <h1>Alert policy</h1>
          <Skeleton width="280px" />
        </div>
      </header>
      <div className={styles.columns}>
        <div className={`panel ${styles.bones}`} />
        <div className={`panel ${styles.bones}`} />
      </div>
    </div>
  );
}
