/** The lesions of a study beside those of the one before: the server's numbers, one line each. A press goes to the lesion. */

import styles from "@/imaging/Case.module.css";
import { Drawn } from "@/imaging/contouring/Drawn";
import { drawnIn } from "@/imaging/contouring/masks";
import { VersionsOf } from "@/imaging/contouring/VersionsOf";
import { HOW } from "@/imaging/contouring/words";
import { unitShown } from "@/imaging/kinds";
import type { Lesion, Study } from "@/imaging/types";
import { change, columnsOf, day, number, openMatch, valueOf } from "@/imaging/words";
import { cell } from "@/patient/export/csv";
import { save } from "@/patient/export/save";

interface Props {
  study: Study;
  chosen: string | undefined;
  onChoose: (key: string) => void;
  /** The version of the contours on the images; undefined for the one in use. */
  version: string | undefined;
  onVersion: (mask: string | undefined) => void;
}

export function LesionTable({ study, chosen, onChoose, version, onVersion }: Props) {
  const { lesions } = study;
  const versions = study.masks.some(drawnIn) && <VersionsOf study={study.uid} shown={version} onShow={onVersion} />;
  const columns = columnsOf(lesions);
  const [main, ...others] = columns;
  const prior = lesions.find((each) => each.prior)?.prior;
  const measuring = study.drawing?.state === "measuring";
  const then = study.priors.find(({ uid }) => uid === prior?.study);
  if (lesions.length === 0 || !main)
    return (
      <section className={`panel ${styles.lesions}`} aria-label="Lesions">
        <header>
          <h2>Lesions</h2>
          <p className="fine">{nothing(study)}</p>
          {versions}
        </header>
        <Drawn study={study} />
      </section>
    );
  return (
    <section className={`panel ${styles.lesions}`} aria-label="Lesions">
      <header>
        <h2>Lesions</h2>
        <p className="fine">
          {version === undefined ? summary(study) : <b>The images show another version; the numbers are of the one in use.</b>}
        </p>
        {versions}
        <button
          type="button"
          className="link"
          onClick={() => save(`lesions-${study.uid}.csv`, new Blob([asCsv(lesions)], { type: "text/csv;charset=utf-8" }))}
        >
          Export CSV
        </button>
      </header>
      <Drawn study={study} />
      <div className={styles.scroll} tabIndex={0} role="group" aria-label="Table of lesions" data-stale={measuring || undefined}>
        <table>
          <thead>
            <tr>
              <th scope="col">
                <span className="spoken">Key</span>
              </th>
              <th scope="col">Site</th>
              {prior && <th scope="col">{`${main.name}, ${then ? day(then.started_at) : "before"}`}</th>}
              <th scope="col">{prior ? `${main.name}, now` : titled(main)}</th>
              {prior && <th scope="col">Change</th>}
              {others.map((each) => (
                <th key={each.id} scope="col">
                  {titled(each)}
                </th>
              ))}
              {prior && <th scope="col">Match</th>}
            </tr>
          </thead>
          <tbody>
            {lesions.map((lesion) => (
              <Line
                key={lesion.key}
                lesion={lesion}
                main={main}
                others={others}
                compared={prior != null}
                chosen={lesion.key === chosen}
                onChoose={onChoose}
              />
            ))}
          </tbody>
          {study.response && (
            <tfoot>
              <tr>
                <td />
                <th scope="row" colSpan={2 + others.length}>
                  {study.response.name}: {study.response.summary || study.response.category}
                </th>
                {prior && (
                  <td colSpan={3}>
                    <b>{study.response.category}</b>
                  </td>
                )}
              </tr>
            </tfoot>
          )}
        </table>
      </div>
    </section>
  );
}

interface Column {
  id: string;
  name: string;
  unit: string;
}

interface LineProps {
  lesion: Lesion;
  main: Column;
  others: readonly Column[];
  compared: boolean;
  chosen: boolean;
  onChoose: (key: string) => void;
}

function Line({ lesion, main, others, compared, chosen, onChoose }: LineProps) {
  const now = valueOf(lesion.values, main.id);
  const then = valueOf(lesion.prior?.values ?? [], main.id);
  return (
    <tr data-chosen={chosen || undefined} onClick={() => onChoose(lesion.key)}>
      <td>
        <button type="button" className={styles.chip} aria-pressed={chosen} onClick={() => onChoose(lesion.key)}>
          {lesion.key}
        </button>
      </td>
      <td>
        {lesion.site || "– no site"}
        {HOW[lesion.how] && <span className={styles.how}>{HOW[lesion.how]}</span>}
      </td>
      {compared && <td className={styles.then}>{lesion.prior ? <Value value={then} /> : "– new"}</td>}
      <td>
        <b>
          <Value value={now} />
        </b>
      </td>
      {compared && (
        <td>
          <b>{change(now?.value, then?.value) ?? "–"}</b>
        </td>
      )}
      {others.map(({ id }) => (
        <td key={id}>
          <Value value={valueOf(lesion.values, id)} />
        </td>
      ))}
      {compared && <td className={styles.match}>{matched(lesion)}</td>}
    </tr>
  );
}

function Value({ value }: { value: Lesion["values"][number] | undefined }) {
  if (value?.value == null) return <span className={styles.missing}>– {value?.why || "not measured"}</span>;
  return number(value.value);
}

function matched(lesion: Lesion) {
  if (!lesion.prior) return "new";
  if (!openMatch(lesion)) return "confirmed";
  return <b>Check{lesion.prior.match === null ? "" : `, ${Math.round(lesion.prior.match * 100)} %`}</b>;
}

const titled = ({ name, unit }: Column): string =>
  unit === "" || unit === "1" || unit.startsWith("{") ? name : `${name}, ${unitShown(unit)}`;

function nothing({ state, drawing }: Study): string {
  if (state !== "analysed") return "Not measured yet.";
  return drawing ? "None is left in the contours." : "None was found by the programs that ran.";
}

function summary({ lesions }: Study): string {
  const found = lesions.filter(({ prior }) => prior).length;
  const fresh = lesions.length - found;
  if (found === 0) return `${lesions.length} found. A press goes to the lesion.`;
  return `${found} matched, ${fresh === 0 ? "none new" : `${fresh} new`}. A press goes to the lesion.`;
}

/** Everything that was measured, not only what fits on the screen. */
function asCsv(lesions: readonly Lesion[]): string {
  const measured = [...new Map(lesions.flatMap(({ values }) => values.map((each) => [each.id, each] as const))).values()];
  const head = [
    "lesion",
    "site",
    "contour",
    ...measured.flatMap(({ id, unit }) => [`${id} [${unit}]`, `${id} before [${unit}]`]),
    "x mm",
    "y mm",
    "z mm",
  ];
  const rows = lesions.map(({ key, site, how, values, prior, position }) => [
    key,
    site,
    how,
    ...measured.flatMap(({ id }) => [valueOf(values, id)?.value, valueOf(prior?.values ?? [], id)?.value]),
    ...position,
  ]);
  return [head, ...rows].map((row) => row.map((each) => cell(String(each ?? ""))).join(",")).join("\r\n");
}
