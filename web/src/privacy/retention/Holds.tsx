/** Records that nobody may erase because somebody may need them as evidence. */

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { note } from "@/acts/toasts";
import { endHold, type Hold, retentionQuery } from "@/privacy/retention/queries";
import styles from "@/privacy/retention/Retention.module.css";
import system from "@/system/System.module.css";
import { date } from "@/time/words";

export function Holds({ holds, decides }: { holds: readonly Hold[]; decides: boolean }) {
  const queries = useQueryClient();
  const ending = useMutation({
    mutationFn: endHold,
    onSuccess: () => note("The hold has ended."),
    onSettled: () => queries.invalidateQueries({ queryKey: retentionQuery.queryKey }),
  });
  return (
    <section className="panel" aria-label="Legal holds">
      <h2 className={system.head}>Legal holds</h2>
      {holds.length === 0 && <p className={system.says}>No record is on hold.</p>}
      {ending.error && (
        <p className={styles.refused} role="alert">
          {ending.error.message}
        </p>
      )}
      <ul className={styles.list}>
        {holds.map((each) => (
          <li key={each.id}>
            <span>
              {each.name} · {each.number}
              <small>
                {each.reason}; {each.by}, {date(each.since)}
              </small>
            </span>
            {decides && (
              <button type="button" className="button" disabled={ending.isPending} onClick={() => ending.mutate(each.id)}>
                End
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
