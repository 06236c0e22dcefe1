/** How people are told when they look at no screen: each channel with the roles it reaches, tried by those who keep it, and the roles that none reaches. */

import { useMutation, useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Skeleton } from "@/design/Skeleton";
import { plain } from "@/library/words";
import { usePerson } from "@/shell/person";
import styles from "@/system/Channels.module.css";
import { channelsQuery, testChannel } from "@/system/queries";
import system from "@/system/System.module.css";
import type { Channel } from "@/system/types";
import { channelSaid, mayTest, rolesMissed, tested } from "@/system/words";
import { clock } from "@/time/clock";

const WHERE = (
  <>
    Channels are listed in <code>config/contacts.yaml</code> in the data folder; <code>docs/operating/first-day.md</code> says how.
  </>
);

export function Channels() {
  const { data, error } = useQuery(channelsQuery);
  if (error)
    return (
      <Card>
        <p className={system.says}>{error.message}</p>
      </Card>
    );
  if (!data)
    return (
      <Card>
        <p className={system.says}>
          <Skeleton width="50%" />
        </p>
      </Card>
    );
  if (data.channels.length === 0)
    return (
      <Card>
        <p className={system.says}>
          <b>The site lists no channel.</b> Alerts are shown on screens, and nobody is called to one. {WHERE}
        </p>
      </Card>
    );
  return (
    <Card>
      <ul>
        {data.channels.map((each) => (
          <Line key={`${each.contact}/${each.name}`} channel={each} />
        ))}
      </ul>
      {data.without.length > 0 && (
        <p className={styles.without}>
          <b>No channel reaches {rolesMissed(data.without)}.</b> Screens are all they have. {WHERE}
        </p>
      )}
    </Card>
  );
}

function Card({ children }: { children: ReactNode }) {
  return (
    <section className="panel" aria-label="Channels">
      <h2 className={system.head}>Channels</h2>
      {children}
    </section>
  );
}

function Line({ channel }: { channel: Channel }) {
  const testing = useMutation({ mutationFn: async () => tested(await testChannel(channel), clock.now()) });
  return (
    <li className={styles.line} data-channel={`${channel.contact}/${channel.name}`}>
      <div>
        <b>{channel.name}</b> <small>{plain(channel.contact)}</small>
        <p>{channelSaid(channel)}</p>
      </div>
      {mayTest(usePerson()) && (
        <>
          <button type="button" className="button" disabled={testing.isPending} onClick={() => testing.mutate()}>
            {testing.isPending ? "Sending" : "Send a test"}
          </button>
          <p role="status">{testing.error?.message ?? testing.data ?? <span className="quiet">– not tested since you came here</span>}</p>
        </>
      )}
    </li>
  );
}
