/** What must be kept, who asks to be forgotten and who agrees, and whether a lost disk would lose anything. */

import { useQuery } from "@tanstack/react-query";
import { Problem } from "@/design/Problem";
import { Skeleton } from "@/design/Skeleton";
import { AskForErasure } from "@/privacy/retention/AskForErasure";
import { Backup } from "@/privacy/retention/Backup";
import { Holds } from "@/privacy/retention/Holds";
import { Past } from "@/privacy/retention/Past";
import { retentionQuery } from "@/privacy/retention/queries";
import { Rules } from "@/privacy/retention/Rules";
import { TimeIsOver } from "@/privacy/retention/TimeIsOver";
import { Waiting } from "@/privacy/retention/Waiting";
import { usePerson } from "@/shell/person";
import system from "@/system/System.module.css";

export function RetentionAndErasure() {
  const { data, error, refetch } = useQuery(retentionQuery);
  const decides = usePerson().roles.includes("privacy");
  if (error && !data) return <Problem error={error} again={() => void refetch()} />;
  if (!data) return <Skeleton width="100%" height="24rem" />;
  return (
    <div className={system.columns}>
      <div className={system.column}>
        <Waiting waiting={data.erasures.filter((each) => each.state === "waiting")} decides={decides} />
        {decides && <AskForErasure grounds={data.grounds} />}
        {decides && <TimeIsOver hasRule={data.rules.rules.some((rule) => rule.kind === "patient" && rule.keep_years !== null)} />}
        <Past past={data.erasures.filter((each) => each.state !== "waiting")} />
      </div>
      <div className={system.column}>
        <Backup backup={data.backup} drill={data.drill} register={data.register} />
        <Rules rules={data.rules} suggestions={data.suggestions} />
        <Holds holds={data.holds} decides={decides} />
      </div>
    </div>
  );
}
