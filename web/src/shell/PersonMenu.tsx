/** The person: their account, theme, the first look again, keys, signing out. */

import { Menu } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { session } from "@/api/session";
import type { Person } from "@/api/types";
import { ChevronIcon } from "@/design/icons";
import { type Choice, choose, useTheme } from "@/design/theme";
import { useShell } from "@/shell/shellContext";
import styles from "@/shell/PersonMenu.module.css";

const THEMES: readonly [Choice, string][] = [
  ["system", "As this computer"],
  ["light", "Light"],
  ["dark", "Dark"],
];

/** The first that applies says what the person is here, as in "Amelia Brandt, nurse". */
const STANDING = [
  "doctor",
  "radiologist",
  "pharmacist",
  "manager",
  "nurse",
  "researcher",
  "engineer",
  "auditor",
  "privacy",
  "patient",
  "admin",
] as const;

const SAID: Record<string, string> = { privacy: "privacy officer" };

export function PersonMenu({ person }: { person: Person }) {
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <button type="button" className={styles.person}>
          {person.name}
          {standing(person)}
          <ChevronIcon />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <PersonChoices />
      </Menu.Dropdown>
    </Menu>
  );
}

function standing(person: Person): string {
  if (person.roles.includes("admin")) return ", administrator";
  const role = STANDING.find((each) => person.roles.includes(each));
  return role ? `, ${SAID[role] ?? role}` : "";
}

export function PersonChoices() {
  const { choice } = useTheme();
  const { keys, firstLook } = useShell();
  const navigate = useNavigate();
  return (
    <>
      <Menu.Label>Colours</Menu.Label>
      <Menu.RadioGroup value={choice} onChange={(chosen) => choose(chosen as Choice)}>
        {THEMES.map(([each, word]) => (
          <Menu.RadioItem key={each} value={each}>
            {word}
          </Menu.RadioItem>
        ))}
      </Menu.RadioGroup>
      <Menu.Divider />
      <Menu.Item onClick={() => void navigate({ to: "/account" })}>Your account</Menu.Item>
      <Menu.Item onClick={keys} rightSection={<kbd>?</kbd>}>
        Keys
      </Menu.Item>
      <Menu.Item onClick={() => void navigate({ to: "/apps" })}>Apps you have allowed</Menu.Item>
      <Menu.Item onClick={firstLook}>Take the first look again</Menu.Item>
      <Menu.Item onClick={() => window.print()}>Print this page</Menu.Item>
      <Menu.Divider />
      <Menu.Item onClick={() => void session.signOut()}>Sign out</Menu.Item>
    </>
  );
}
