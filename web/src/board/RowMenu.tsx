/** What can be done about a row, at the place that was pressed; the keys stand beside the words. */

import { Menu } from "@mantine/core";
import type { Row } from "@/api/types";

interface Props {
  menu: { row: Row; at: DOMRect } | null;
  onClose: () => void;
  onChosen: (key: string, row: Row) => void;
}

const CHOICES = [
  { key: "a", says: "Acknowledge" },
  { key: "o", says: "Override, give reason" },
  { key: "e", says: "Escalate now" },
  { key: "y", says: "Why" },
  { key: "Enter", says: "Open patient" },
] as const;

export function RowMenu({ menu, onClose, onChosen }: Props) {
  if (!menu) return null;
  const { row, at } = menu;
  return (
    <Menu opened onChange={(opened) => !opened && onClose()} position="bottom-start" width={248} trapFocus returnFocus>
      <Menu.Target>
        <span style={{ position: "fixed", left: at.left, top: at.top, width: at.width, height: at.height, pointerEvents: "none" }} />
      </Menu.Target>
      <Menu.Dropdown aria-label={`Bed ${row.bed}`}>
        <Menu.Label>{row.alert?.summary}</Menu.Label>
        {CHOICES.map(({ key, says }) => (
          <Menu.Item key={key} rightSection={<kbd>{key}</kbd>} onClick={() => onChosen(key, row)}>
            {says}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
