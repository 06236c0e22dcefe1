/** How long what is kept, by the site's own rules; and what laws say, for a site that writes them. */

import type { Retention, Rule } from "@/privacy/retention/queries";
import styles from "@/privacy/retention/Retention.module.css";
import { years } from "@/privacy/retention/words";
import system from "@/system/System.module.css";

type Props = Pick<Retention, "rules" | "suggestions">;

export function Rules({ rules, suggestions }: Props) {
  return (
    <section className="panel" aria-label="Rules of retention">
      <h2 className={system.head}>How long what is kept</h2>
      <p className={system.says}>
        {rules.owner
          ? `${rules.jurisdiction}. Version ${rules.version} of ${rules.date}, ${rules.owner}, signed by ${rules.signed_by}.`
          : "The site has said nothing yet, so everything is kept. Its rules go into config/retention.yaml."}
      </p>
      <ul className={styles.list}>
        {rules.rules.map((rule) => (
          <li key={rule.kind}>
            <span>
              {rule.says}
              {rule.basis && <small>{rule.basis}</small>}
            </span>
            <b>{kept(rule)}</b>
          </li>
        ))}
      </ul>
      <details className={styles.more}>
        <summary>What laws and codes say</summary>
        <ul>
          {suggestions.map((each) => (
            <li key={`${each.jurisdiction} ${each.kind}`}>
              <b>
                {each.jurisdiction}, {each.kind}: {years(each.keep_years)}
                {each.minors_until_age && `, minors until ${each.minors_until_age}`}
              </b>
              <br />
              {each.basis} ({each.standing}). {each.note}
            </li>
          ))}
        </ul>
      </details>
    </section>
  );
}

function kept(rule: Rule): string {
  if (rule.keep_years === null) return "for good";
  return rule.minors_until_age ? `${years(rule.keep_years)}, minors until ${rule.minors_until_age}` : years(rule.keep_years);
}
