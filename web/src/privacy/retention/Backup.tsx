/** Whether a lost disk would lose anything: the last backup, the keys beside it, the last drill, and the register of erasures. */

import type { Retention } from "@/privacy/retention/queries";
import styles from "@/privacy/retention/Retention.module.css";
import { size } from "@/privacy/retention/words";
import system from "@/system/System.module.css";
import { clock } from "@/time/clock";
import { duration, moment } from "@/time/words";

type Props = Pick<Retention, "backup" | "drill" | "register">;

export function Backup({ backup, drill, register }: Props) {
  return (
    <section className="panel" aria-label="Backup">
      <h2 className={system.head}>Backup</h2>
      {backup === null ? (
        <p className={system.says}>
          None has been taken yet. On the server: <code>wardline backup /mnt/backups --keys /mnt/keys</code>
        </p>
      ) : (
        <dl className={system.figures}>
          <div>
            <dt>
              Last backup <small>{backup.messages.toLocaleString("en")} messages, every row opened</small>
            </dt>
            <dd>{duration(backup.age_seconds)} ago</dd>
          </div>
          <div>
            <dt>Size, time taken</dt>
            <dd>
              {size(backup.bytes)}, {duration(backup.seconds)}
            </dd>
          </div>
          <div>
            <dt>Copy of the keys</dt>
            <dd>{backup.keys_at ? moment(backup.keys_at, clock.now()) : "out of reach"}</dd>
          </div>
        </dl>
      )}
      <dl className={system.figures}>
        <div>
          <dt>Last restore drill</dt>
          <dd>{drill ? `${duration(drill.age_seconds)} ago, took ${duration(drill.seconds)}` : "never"}</dd>
        </div>
        <div>
          <dt>
            Register of erasures <small>{register.last_at && `last ${moment(register.last_at, clock.now())}`}</small>
          </dt>
          <dd>{register.entries === 1 ? "1 entry" : `${register.entries} entries`}</dd>
        </div>
      </dl>
      <Warnings backup={backup} drill={drill} register={register} />
    </section>
  );
}

function Warnings({ backup, drill, register }: Props) {
  return (
    <ul className={styles.warnings}>
      {backup?.keys_are_old && (
        <li>
          The copy of the keys in <code>{backup.keys}</code> is older than the last erasure. Bring its disk back and take a backup.
        </li>
      )}
      {backup !== null && backup.damaged > 0 && <li>{backup.damaged} rows of the log are damaged; the backup holds them as they are.</li>}
      {backup !== null && drill === null && (
        <li>
          Nobody has tried to restore yet. On the server: <code>wardline restore BACKUP --drill</code>
        </li>
      )}
      {register.beside_the_data && (
        <li>
          The register of erasures lies beside the data, where a copy put back by hand takes it back in time. Set <code>erasures</code> to a
          file on another disk.
        </li>
      )}
    </ul>
  );
}
