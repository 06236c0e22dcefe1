/** What was found, kind by kind: what stood there and what stands there now. Pressing a kind points at it in the text. */

import { sentence } from "@/library/words";
import styles from "@/privacy/deidentify/Deidentify.module.css";
import { kinds } from "@/privacy/deidentify/pieces";
import type { Deidentified } from "@/privacy/deidentify/queries";
import system from "@/system/System.module.css";

interface Props {
  answer: Deidentified & { asked: string };
  shown: string;
  onShow: (kind: string) => void;
}

export function Found({ answer, shown, onShow }: Props) {
  const found = kinds(answer.asked, answer.text, answer.found);
  return (
    <section className="panel" aria-label="What was found">
      <h2 className={system.head}>What was found</h2>
      {found.length === 0 ? (
        <p className={system.says}>Nothing that looks like one of the 18 identifiers. Read it yourself before it leaves.</p>
      ) : (
        <table className={styles.found}>
          <thead>
            <tr>
              <th scope="col">Kind</th>
              <th scope="col">Times</th>
              <th scope="col">Was → is</th>
            </tr>
          </thead>
          <tbody>
            {found.map(({ kind, count, values }) => (
              <tr key={kind} data-kind={kind}>
                <th scope="row">
                  <button type="button" className="link" aria-pressed={shown === kind} onClick={() => onShow(shown === kind ? "" : kind)}>
                    {sentence(kind)}
                  </button>
                </th>
                <td>{count}</td>
                <td>
                  <ul>
                    {values.map(({ was, now, times }) => (
                      <li key={was}>
                        {was} → <b>{now}</b>
                        {times > 1 && <small>{times} times</small>}
                      </li>
                    ))}
                  </ul>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
