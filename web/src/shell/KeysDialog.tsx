/** Every key that does something right now, in one list. */

import { Modal, Switch } from "@mantine/core";
import { type Binding, useBindings, useSingleKeys } from "@/shell/keys";
import styles from "@/shell/KeysDialog.module.css";

/** Handled by the focused row of the board or the queue. */
const ROW_KEYS: readonly Binding[] = [
  { keys: "↑ ↓", says: "Move between rows", group: "Alerts" },
  { keys: "a", says: "Acknowledge", group: "Alerts" },
  { keys: "o", says: "Override with a reason", group: "Alerts" },
  { keys: "e", says: "Escalate with a comment", group: "Alerts" },
  { keys: "y", says: "Why: inputs, bands, reference", group: "Alerts" },
  { keys: "Enter", says: "Open the patient", group: "Alerts" },
];

const SIGNS: Record<string, string> = { ArrowDown: "↓" };

export default function KeysDialog({ onClose }: { onClose: () => void }) {
  const bindings = [...useBindings(), ...ROW_KEYS];
  const groups = [...new Set(bindings.map((each) => each.group))];
  const [on, setOn] = useSingleKeys();
  return (
    <Modal opened onClose={onClose} title="Keys" size="lg" closeButtonProps={{ "aria-label": "Close" }}>
      <div className={styles.groups}>
        {groups.map((group) => (
          <section key={group}>
            <h3>{group}</h3>
            <dl>
              {bindings
                .filter((each) => each.group === group)
                .map((each) => (
                  <div key={each.keys}>
                    <dt>
                      {each.keys.split(" ").map((key) => (
                        <kbd key={key}>{SIGNS[key] ?? key}</kbd>
                      ))}
                    </dt>
                    <dd>{each.says}</dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
      <Switch
        checked={on}
        onChange={(event) => setOn(event.currentTarget.checked)}
        label="Single keys act"
        description="Switch off if speech input or a switch device presses them by accident."
      />
    </Modal>
  );
}
