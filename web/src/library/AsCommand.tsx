/** The same question for a program: as JSON, for cURL and for the command line, to copy. */

import { useState } from "react";
import { Copy } from "@/library/Copy";
import { assessPath } from "@/library/queries";
import styles from "@/library/TryIt.module.css";
import type { Question } from "@/library/types";

type Form = "JSON" | "cURL" | "Command line";
const FORMS: readonly Form[] = ["JSON", "cURL", "Command line"];

export function AsCommand({ capability, question }: { capability: string; question: Question }) {
  const [form, setForm] = useState<Form>("JSON");
  const text = written(form, capability, question);
  return (
    <details className={styles.command}>
      <summary>The same question for a program</summary>
      <div className={styles.forms} role="group" aria-label="Written as">
        {FORMS.map((each) => (
          <button key={each} type="button" className="button" aria-pressed={each === form} onClick={() => setForm(each)}>
            {each}
          </button>
        ))}
        <Copy text={text} />
      </div>
      <pre tabIndex={0} aria-label={`The question as ${form}`}>
        {text}
      </pre>
    </details>
  );
}

/** For a shell, inside single quotes. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

function written(form: Form, capability: string, question: Question): string {
  if (form === "JSON") return JSON.stringify(question, null, 2);
  const line = quoted(JSON.stringify(question));
  if (form === "Command line") return `echo ${line} | wardline assess ${capability} -`;
  return [
    `curl ${location.origin}${assessPath(capability)} \\`,
    `  -H "Authorization: Bearer $TOKEN" \\`,
    `  -H "Content-Type: application/json" \\`,
    `  -d ${line}`,
  ].join("\n");
}
