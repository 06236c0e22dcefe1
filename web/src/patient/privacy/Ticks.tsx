/** Several of a few, each ticked by itself. */

import styles from "@/patient/privacy/Privacy.module.css";
import type { Choice } from "@/patient/privacy/types";

interface Props {
  legend: string;
  help: string;
  choices: readonly Choice[];
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
}

export function Ticks({ legend, help, choices, chosen, onChange }: Props) {
  return (
    <fieldset className={styles.ticks}>
      <legend>{legend}</legend>
      <small>{help}</small>
      {choices.map(({ code, title }) => (
        <label key={code}>
          <input
            type="checkbox"
            checked={chosen.includes(code)}
            onChange={(event) => onChange(event.target.checked ? [...chosen, code] : chosen.filter((each) => each !== code))}
          />
          {title.charAt(0).toUpperCase() + title.slice(1)}
        </label>
      ))}
    </fieldset>
  );
}
