/** One app: what stands about it, another secret, and closing it. */

import { Drawer } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { failed, note } from "@/acts/toasts";
import { useNarrow } from "@/design/media";
import styles from "@/privacy/apps/Apps.module.css";
import { PROOFS } from "@/privacy/apps/Apps";
import { SecretShown } from "@/privacy/apps/SecretShown";
import { closeApp, newSecret } from "@/smart/queries";
import type { App } from "@/smart/types";
import accounts from "@/system/Accounts.module.css";
import { rolesSaid } from "@/system/words";
import { date } from "@/time/words";

export default function AppDrawer({ app, onClose }: { app: App; onClose: () => void }) {
  const narrow = useNarrow();
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size={narrow ? "100%" : 480}
      title={app.name}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <div className={accounts.form}>
        <Facts app={app} />
        {!app.closed_at && app.proof === "client_secret_basic" && <Secret app={app} />}
        {!app.closed_at && <Closing app={app} onClosed={onClose} />}
      </div>
    </Drawer>
  );
}

function Facts({ app }: { app: App }) {
  const facts: [string, string][] = [
    ["Client ID", app.id],
    ["Publisher", app.publisher || "– none"],
    ["Proves itself with", PROOFS[app.proof]],
    ["May ask for", app.scopes.join(" ")],
    ...(app.redirects.length > 0 ? [["Redirect addresses", app.redirects.join(" ")] as [string, string]] : []),
    ...(app.launch_url ? [["Launch address", app.launch_url] as [string, string]] : []),
    ...(app.keys_url || app.key_ids.length > 0 ? [["Public keys", app.keys_url || app.key_ids.join(", ")] as [string, string]] : []),
    ...(app.roles.length > 0 ? [["Acts as", rolesSaid(app.roles)] as [string, string]] : []),
    ["Entered", date(app.added_at)],
    ...(app.closed_at ? [["Closed", date(app.closed_at)] as [string, string]] : []),
  ];
  return (
    <dl className={styles.facts}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Secret({ app }: { app: App }) {
  const making = useMutation({ mutationFn: () => newSecret(app), onError: (error) => failed(error.message) });
  return (
    <section className={accounts.part}>
      <h3>Secret</h3>
      {making.data ? (
        <SecretShown entered={making.data} />
      ) : (
        <>
          <p>With a new one the one before is good no longer: the app stops until it has been given it.</p>
          <div className={accounts.buttons}>
            <button type="button" className="button" disabled={making.isPending} onClick={() => making.mutate()}>
              Make a new secret
            </button>
          </div>
        </>
      )}
    </section>
  );
}

function Closing({ app, onClosed }: { app: App; onClosed: () => void }) {
  const queries = useQueryClient();
  const closing = useMutation({
    mutationFn: () => closeApp(app),
    onSuccess: () => {
      note(`${app.name} is closed.`);
      void queries.invalidateQueries({ queryKey: ["apps"] });
      onClosed();
    },
    onError: (error) => failed(error.message),
  });
  return (
    <section className={accounts.part}>
      <h3>Close this app</h3>
      <p>It is out at its next request, for everybody. It cannot be opened again; enter it anew if it should come back.</p>
      <div className={accounts.buttons}>
        <button type="button" className="button" disabled={closing.isPending} onClick={() => closing.mutate()}>
          Close it
        </button>
      </div>
    </section>
  );
}
