/**
 * A score's table as rows to draw: like the published chart, the cell without points in the middle, lower values to its left, higher
 * to its right, cells with the same points under each other.
 */

import type { Assessed, ChartTable, Question, Table, WholeCapability } from "@/library/types";
import { named, plain } from "@/library/words";

export interface Cell {
  points: number;
  labels: string[];
  /** Columns from the middle: −3 to 3. */
  column: number;
}

export interface ChartRow {
  id: string;
  input: string;
  label: string;
  /** For which patients this row counts, where the chart has several for one input: "scale 2, on air". */
  under: string;
  /** The inputs that decide between the rows, with the answer this one is for. */
  when: readonly (readonly [name: string, answer: string])[];
  cells: Cell[];
}

export interface Drawn {
  rows: ChartRow[];
  /** The most points to either side of the middle. */
  left: number;
  right: number;
}

export function drawn(capability: WholeCapability): Drawn {
  const rows = (capability.chart ?? []).flatMap((table) => rowsOf(capability, table.input, table, []));
  const columns = rows.flatMap((row) => row.cells.map((cell) => cell.column));
  return { rows, left: Math.max(0, ...columns.map((column) => -column)), right: Math.max(0, ...columns) };
}

function rowsOf(capability: WholeCapability, input: string, table: Table, when: readonly (readonly [string, string])[]): ChartRow[] {
  if (table.kind === "choice") {
    return table.tables.flatMap((inner) => rowsOf(capability, input, inner, [...when, [table.by, String(inner.answer)] as const]));
  }
  const id = [input, ...when.map(([name, answer]) => `${name}=${answer}`)].join(" ");
  const under = when.map(([name, answer]) => choiceWords(capability, name, answer)).join(", ");
  return [
    {
      id,
      input,
      label: named(capability, input),
      under,
      when,
      cells: table.kind === "bands" ? bandCells(table.bands) : codeCells(table.codes),
    },
  ];
}

/** "SpO₂ scale 2", "oxygen": the chart's own word for a coded answer where it has one. */
function choiceWords(capability: WholeCapability, name: string, answer: string): string {
  const label = answerLabels(capability, name).get(answer);
  return label ?? (answer === "true" ? plain(name) : answer === "false" ? `no ${plain(name)}` : `${named(capability, name)} ${answer}`);
}

/** The chart's words for the answers of a coded input: "A" is "alert", true is "oxygen". */
export function answerLabels(capability: WholeCapability, input: string): ReadonlyMap<string, string> {
  const table = capability.chart?.find((each: ChartTable) => each.input === input && each.kind === "codes");
  return new Map(table?.kind === "codes" ? table.codes.map((code) => [String(code.answer), code.label]) : []);
}

function bandCells(bands: readonly { points: number; label: string }[]): Cell[] {
  const middle = bands.findIndex((band) => band.points === 0);
  const cells = bands.map((band, place) => ({
    points: band.points,
    labels: [band.label],
    column: place < middle ? -band.points : band.points,
  }));
  // A table that does not rise to both sides of its middle is drawn in its own order.
  return inOrder(cells) ? cells : cells.map((cell, place) => ({ ...cell, column: place - Math.max(0, middle) }));
}

const inOrder = (cells: readonly Cell[]): boolean =>
  cells.every((cell, place) => place === 0 || cell.column > (cells[place - 1]?.column ?? -Infinity));

/** Answers with the same points share a cell, always on the right. */
function codeCells(codes: readonly { points: number; label: string }[]): Cell[] {
  const points = [...new Set(codes.map((code) => code.points))].sort((a, b) => a - b);
  return points.map((each) => ({
    points: each,
    labels: codes.filter((code) => code.points === each).map((code) => code.label),
    column: each,
  }));
}

/** Whether this row is the one that counts for the question, by the answers that decide between rows. */
export function counts(row: ChartRow, question: Question, capability: WholeCapability): boolean {
  return row.when.every(([name, answer]) => {
    const given = question[name] ?? capability.inputs.find((each) => each.name === name)?.default;
    return given !== null && given !== undefined && String(given) === answer;
  });
}

/** The cell the answer says that the value falls into: found by the server, never worked out here a second time. */
export function hit(row: ChartRow, answer: Assessed | undefined): Cell | undefined {
  const reason = answer?.because?.find((each) => each.input === row.input);
  return (
    reason && row.cells.find((cell) => reason.band !== undefined && cell.labels.includes(reason.band) && cell.points === reason.points)
  );
}
