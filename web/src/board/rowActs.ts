/** What a key or a choice in the menu does to a row. */

import { useNavigate } from "@tanstack/react-router";
import { useActs } from "@/acts/acts";
import { note } from "@/acts/toasts";
import type { Row } from "@/api/types";
import { isAcknowledged, targetOf } from "@/board/words";

/** Does what the key means for this row; says whether it meant anything. */
export function useRowActs(onWhy: (row: Row) => void): (key: string, row: Row) => boolean {
  const acts = useActs();
  const navigate = useNavigate();
  return (key, row) => {
    if (key === "Enter" && row.about !== null) void navigate({ to: "/patients/$id", params: { id: row.about } });
    else if (key === "y" && row.about !== null) onWhy(row);
    else if (key === "a" || key === "o" || key === "e") {
      const target = targetOf(row);
      if (!target) note(`Bed ${row.bed}: no alert is open.`);
      else if (key === "o") acts.override(target);
      else if (key === "e") acts.escalate(target);
      else if (isAcknowledged(row.alert)) note(`Bed ${row.bed}: already acknowledged by ${row.alert.acknowledged_by ?? "a colleague"}.`);
      else acts.acknowledge(target);
    } else return false;
    return true;
  };
}
