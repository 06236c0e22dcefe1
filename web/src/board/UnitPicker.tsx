/** Another unit, chosen from the phone's own list. */

import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { boardsQuery } from "@/api/queries";
import styles from "@/board/BoardCards.module.css";

export function UnitPicker({ unit }: { unit: string }) {
  const units = useQuery(boardsQuery).data?.units ?? [];
  const navigate = useNavigate();
  if (units.length < 2) return null;
  return (
    <label className={styles.unit}>
      <span className="spoken">Unit</span>
      <select
        className="button"
        value={unit}
        onChange={(event) => void navigate({ to: "/board", search: (before) => ({ ...before, unit: event.target.value }) })}
      >
        {units.map((each) => (
          <option key={each.unit} value={each.unit}>
            {each.label}
            {each.unseen ? `, ${each.unseen} not seen` : ""}
          </option>
        ))}
      </select>
    </label>
  );
}
