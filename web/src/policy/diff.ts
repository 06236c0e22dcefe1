/** Which lines of a policy are not the same in another: what somebody signs, word by word. */

export interface Line {
  sign: "+" | "−";
  number: number;
  text: string;
}

/** Lines gone and lines new in the order of the text; what is the same is left out. */
export function changedLines(before: string, after: string): Line[] {
  const a = before.split("\n");
  const b = after.split("\n");
  const start = sameAtStart(a, b);
  const end = sameAtStart(a.slice(start).reverse(), b.slice(start).reverse());
  return between(a.slice(start, a.length - end), b.slice(start, b.length - end), start);
}

function sameAtStart(a: readonly string[], b: readonly string[]): number {
  const place = a.findIndex((line, at) => line !== b[at]);
  return place < 0 ? a.length : place;
}

/** Longest common subsequence: policies are a few hundred lines. */
function between(a: readonly string[], b: readonly string[], from: number): Line[] {
  const common = table(a, b);
  const lines: Line[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) [i, j] = [i + 1, j + 1];
    else if (i < a.length && (j === b.length || at(common, i + 1, j) >= at(common, i, j + 1)))
      lines.push({ sign: "−", number: from + ++i, text: a[i - 1] ?? "" });
    else lines.push({ sign: "+", number: from + ++j, text: b[j - 1] ?? "" });
  }
  return lines;
}

const at = (rows: readonly (readonly number[])[], i: number, j: number): number => rows[i]?.[j] ?? 0;

function table(a: readonly string[], b: readonly string[]): number[][] {
  const rows = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const row = rows[i];
      if (row) row[j] = a[i] === b[j] ? at(rows, i + 1, j + 1) + 1 : Math.max(at(rows, i + 1, j), at(rows, i, j + 1));
    }
  }
  return rows;
}
