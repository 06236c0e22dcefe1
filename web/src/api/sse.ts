/** Reading server-sent events from pieces of text that may be cut anywhere. */

export interface ServerEvent {
  name: string;
  content: unknown;
}

export class EventReader {
  #rest = "";

  /** The events completed by this piece. Comments (heartbeats) complete nothing. */
  take(piece: string): ServerEvent[] {
    const blocks = (this.#rest + piece).split("\n\n");
    this.#rest = blocks.pop() ?? "";
    return blocks.map(eventIn).filter((event) => event !== null);
  }
}

function eventIn(block: string): ServerEvent | null {
  let name = "message";
  const lines: string[] = [];
  for (const line of block.split("\n")) {
    if (line.startsWith("event:")) name = line.slice(6).trim();
    else if (line.startsWith("data:")) lines.push(line.slice(5));
  }
  return lines.length ? { name, content: JSON.parse(lines.join("\n")) } : null;
}
