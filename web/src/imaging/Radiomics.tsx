/** What the lesions look like in numbers: every feature with its unit, and one of them drawn for all lesions beside each other. */

import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { Problem } from "@/design/Problem";
import { Skeleton } from "@/design/Skeleton";
import styles from "@/imaging/Case.module.css";
import { unitShown } from "@/imaging/kinds";
import { radiomicsQuery } from "@/imaging/queries";
import type { Radiomics as Measured } from "@/imaging/types";
import { number } from "@/imaging/words";

interface Props {
  study: string;
  chosen: string | undefined;
  onChoose: (key: string) => void;
}

export function Radiomics({ study, chosen, onChoose }: Props) {
  const { data, error, refetch } = useQuery(radiomicsQuery(study));
  return (
    <section className={`panel ${styles.radiomics}`} aria-label="Radiomics">
      <header>
        <h2>Radiomics</h2>
        <p className="fine">Features as the Image Biomarker Standardisation Initiative defines them.</p>
      </header>
      {error && <Problem error={error} again={() => void refetch()} />}
      {!data && !error && <Skeleton width="60%" />}
      {data &&
        (data.regions.length === 0 ? (
          <p className={styles.said}>{data.reason || "No region to measure."}</p>
        ) : (
          <Table measured={data} chosen={chosen} onChoose={onChoose} />
        ))}
    </section>
  );
}

function Table({ measured, chosen, onChoose }: { measured: Measured; chosen: string | undefined; onChoose: (key: string) => void }) {
  const { regions, settings } = measured;
  const features = useMemo(
    () => [...new Map(regions.flatMap((each) => each.features.map((one) => [one.id, one] as const))).values()],
    [regions],
  );
  const [sought, setSought] = useState("");
  const [drawn, setDrawn] = useState(features[0]?.id);
  const words = sought.trim().toLowerCase();
  const shown = features.filter(({ name, family, id }) => `${family} ${name} ${id}`.toLowerCase().includes(words));
  const value = (region: Measured["regions"][number], id: string) => region.features.find((each) => each.id === id)?.value;
  const one = features.find(({ id }) => id === drawn);
  return (
    <>
      <div className={styles.radiomicsHead}>
        <label>
          <span className="spoken">Search features</span>
          <input
            type="search"
            className={styles.search}
            placeholder="Search features"
            value={sought}
            onChange={(event) => setSought(event.currentTarget.value)}
          />
        </label>
        <p className="fine">
          {shown.length} of {features.length} features. {declared(settings)}
        </p>
      </div>
      {one && <Plot regions={regions} feature={one} chosen={chosen} onChoose={onChoose} />}
      <div className={styles.scroll} tabIndex={0} role="group" aria-label="Table of features">
        <table>
          <thead>
            <tr>
              <th scope="col">Family</th>
              <th scope="col">Feature</th>
              {regions.map(({ key }) => (
                <th key={key} scope="col">
                  {key}
                </th>
              ))}
              <th scope="col">Unit</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((feature) => (
              <tr key={feature.id} data-chosen={feature.id === drawn || undefined} onClick={() => setDrawn(feature.id)}>
                <td>{feature.family}</td>
                <td>
                  <button type="button" className="link" aria-pressed={feature.id === drawn} onClick={() => setDrawn(feature.id)}>
                    {feature.name}
                  </button>
                </td>
                {regions.map((region) => {
                  const found = value(region, feature.id);
                  return <td key={region.key}>{found == null ? "–" : precise(found)}</td>;
                })}
                <td>{feature.unit === "1" ? "" : unitShown(feature.unit)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

/** How the numbers were made, as the standard asks to be told: every setting that has a value. */
function declared(settings: Measured["settings"]): string {
  const said = (value: unknown): string => {
    if (Array.isArray(value)) return value.map((each) => (each === null ? "open" : said(each))).join(" to ");
    if (typeof value === "object" && value !== null)
      return Object.values(value)
        .filter((each) => each !== null)
        .map(said)
        .join(" ");
    return String(value);
  };
  return Object.entries(settings)
    .filter(([name, value]) => value !== null && value !== false && name !== "families")
    .map(
      ([name, value]) =>
        `${name.replaceAll("_", " ")}: ${name.startsWith("spacing") ? said(value).replaceAll(" to ", " × ") : said(value)}`,
    )
    .join("; ");
}

const precise = (value: number): string =>
  value !== 0 && (Math.abs(value) >= 1e5 || Math.abs(value) < 1e-3) ? value.toExponential(3).replaceAll("-", "−") : number(value, 3);

type Feature = Measured["regions"][number]["features"][number];

const ROW = 24;
const NAMES = 44;
const WIDTH = 560;
const ROOM = 84;

/** One bar for each lesion from zero, with its number: lengths can be compared, areas and angles cannot. */
function Plot({
  regions,
  feature,
  chosen,
  onChoose,
}: {
  regions: Measured["regions"];
  feature: Feature;
  chosen: string | undefined;
  onChoose: (key: string) => void;
}) {
  const values = regions.map(({ key, features }) => ({ key, value: features.find(({ id }) => id === feature.id)?.value ?? null }));
  const known = values.flatMap(({ value }) => (value === null ? [] : [value]));
  const [low, high] = [Math.min(0, ...known), Math.max(0, ...known)];
  const x = (value: number) => NAMES + ((value - low) / (high - low || 1)) * (WIDTH - NAMES - ROOM);
  return (
    <figure className={styles.plot}>
      <figcaption>
        <b>{feature.name}</b> {feature.unit === "1" ? "" : unitShown(feature.unit)}
      </figcaption>
      <svg
        viewBox={`0 0 ${WIDTH} ${values.length * ROW}`}
        role="img"
        aria-label={`${feature.name}: ${values.map(({ key, value }) => `${key} ${value === null ? "no value" : precise(value)}`).join(", ")}`}
      >
        {values.map(({ key, value }, row) => (
          <g key={key} data-chosen={key === chosen || undefined} onClick={() => onChoose(key)}>
            <text x={0} y={row * ROW + 16}>
              {key}
            </text>
            {value === null ? (
              <text x={NAMES} y={row * ROW + 16} className={styles.none}>
                – no value
              </text>
            ) : (
              <>
                <rect x={Math.min(x(0), x(value))} y={row * ROW + 6} width={Math.max(1, Math.abs(x(value) - x(0)))} height={ROW - 12} />
                <text x={Math.max(x(0), x(value)) + 6} y={row * ROW + 16}>
                  {precise(value)}
                </text>
              </>
            )}
          </g>
        ))}
      </svg>
    </figure>
  );
}
