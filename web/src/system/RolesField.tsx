/** What somebody may do, chosen by role. */

import styles from "@/system/Accounts.module.css";
import { ROLES } from "@/system/words";

interface Props {
  roles: readonly string[];
  refused?: string;
  onChange: (roles: string[]) => void;
}

export function RolesField({ roles, refused = "", onChange }: Props) {
  return (
    <fieldset className={styles.roles}>
      <legend>Roles</legend>
      {ROLES.map(([role, word, may]) => (
        <label key={role}>
          <input
            type="checkbox"
            checked={roles.includes(role)}
            onChange={(event) => onChange(event.target.checked ? [...roles, role] : roles.filter((each) => each !== role))}
          />
          <span>
            {word}
            <small>{may}</small>
          </span>
        </label>
      ))}
      {refused && <strong role="alert">{refused}</strong>}
    </fieldset>
  );
}
