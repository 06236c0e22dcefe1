/** Finding in a message's text the place that a refusal names: "PID-3", "MSH-9.2", "OBX(4)-5", "line 7". */

export interface Place {
  /** Counted from 0. */
  line: number;
  from: number;
  /** Equal to `from` where something is missing. */
  to: number;
}

const NAMED = /^([A-Z][A-Z0-9]{2})(?:\((\d+)\))?(?:-(\d+)(?:\.(\d+))?)?$/;
const NUMBERED = /^line (\d+)$/;

/** Null when the message has no such line: then the whole segment is missing. */
export function placeOf(text: string, where: string): Place | null {
  const lines = text.split("\n");
  const numbered = NUMBERED.exec(where);
  if (numbered) return wholeLine(lines, Number(numbered[1]) - 1);
  const [, segment, number, field, component] = NAMED.exec(where) ?? [];
  if (!segment) return null;
  const line = lineOf(lines, segment, number);
  if (line < 0) return null;
  return field ? fieldOf(lines, line, Number(field), Number(component ?? 0)) : wholeLine(lines, line);
}

function wholeLine(lines: readonly string[], line: number): Place | null {
  const text = lines[line];
  return text === undefined ? null : { line, from: 0, to: text.length };
}

/** The segment that carries this number in its first field, else the first of its name. */
function lineOf(lines: readonly string[], segment: string, number: string | undefined): number {
  const named = lines.flatMap((text, line) => (text.startsWith(segment) ? [line] : []));
  return named.find((line) => number !== undefined && lines[line]?.split(separator(lines))[1] === number) ?? named[0] ?? -1;
}

function fieldOf(lines: readonly string[], line: number, field: number, component: number): Place {
  const text = lines[line] ?? "";
  // MSH-1 is the separator itself, so that the first thing after it is MSH-2.
  const before = text.startsWith("MSH") ? field - 1 : field;
  const whole = part(text, separator(lines), before, 0, text.length, line);
  if (component === 0) return whole;
  const within = lines.find((each) => each.startsWith("MSH"))?.charAt(4) || "^";
  return part(text, within, component - 1, whole.from, whole.to, line);
}

/** The nth part of text[from..to]; where there are fewer, the empty place at the end. */
function part(text: string, by: string, nth: number, from: number, to: number, line: number): Place {
  let start = from;
  for (let passed = 0; passed < nth; passed += 1) {
    const next = text.indexOf(by, start);
    if (next < 0 || next >= to) return { line, from: to, to };
    start = next + 1;
  }
  const end = text.indexOf(by, start);
  return { line, from: start, to: end < 0 || end > to ? to : end };
}

const separator = (lines: readonly string[]): string => lines.find((each) => each.startsWith("MSH"))?.charAt(3) || "|";

/** Where the place begins and ends in the whole text, for the selection in a text field. */
export function selection(text: string, place: Place): [number, number] {
  const before = text
    .split("\n")
    .slice(0, place.line)
    .reduce((sum, line) => sum + line.length + 1, 0);
  return [before + place.from, before + place.to];
}
