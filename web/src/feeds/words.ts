/** What is said about feeds. */

import type { Person } from "@/api/types";
import type { Concept, Feed, Mapped, UnmappedCode } from "@/feeds/types";

export const mayRepair = ({ roles }: Person): boolean => roles.includes("engineer");

export const mayMap = ({ roles }: Person): boolean => roles.includes("engineer") || roles.includes("admin");

export const REPAIR_IS = "Messages are opened, repaired and dismissed by engineers, because they hold patients’ data in full.";

export const MAPPING_IS = "Codes are mapped by engineers and administrators. Values with this code are kept and wait unread until then.";

/** "1 message", "12 messages", "no messages" */
export function counted(count: number, one: string, many = `${one}s`): string {
  return count === 0 ? `no ${many}` : `${count.toLocaleString("en-GB")} ${count === 1 ? one : many}`;
}

export function overview(feeds: readonly Feed[]): string {
  const sum = (of: (feed: Feed) => number): number => feeds.reduce((total, feed) => total + of(feed), 0);
  const silent = feeds.filter((feed) => feed.silent_since).length;
  const [waiting, unmapped] = [sum((feed) => feed.waiting), sum((feed) => feed.unmapped)];
  return [
    counted(feeds.length, "feed"),
    silent > 0 ? `${silent} silent` : "none silent",
    waiting > 0 && `${counted(waiting, "message")} to repair`,
    unmapped > 0 && `${counted(unmapped, "code")} to map`,
  ]
    .filter(Boolean)
    .join(", ");
}

/** "usual 14–22", or why that is not known. */
export function usual({ expected_per_hour: range }: Feed): string {
  if (!range) return "usual not known yet";
  const [low, high] = range;
  return low === high ? `usual ${low}` : `usual ${low}–${high}`;
}

export function sample({ count, example, unit }: UnmappedCode): string {
  return `${counted(count, "value")}, the last one ${[example, unit].filter(Boolean).join(" ")}`;
}

/** "respiratory rate": the name as it stands inside a sentence. */
export const inside = (name: string): string => (/^[A-Z][a-z]/.test(name) ? name.charAt(0).toLowerCase() + name.slice(1) : name);

export function consequence(feed: string, code: UnmappedCode, concept: Concept, unit: string): string {
  const read = `From now on “${code.text}” from ${feed} is read as ${inside(concept.name)}`;
  const without = unit && !code.unit ? `, in ${unit} where the message gives no unit` : "";
  return `${read}${without}. What has come before is read again: ${counted(code.count, "value")}, and every score that rests on them.`;
}

export function outcome(mapped: Mapped, concept: string): string {
  const { values_read_again: values, messages_read_again: messages, unreadable } = mapped;
  const read = values
    ? `${counted(values, "value")} from ${counted(messages, "message")} now on the timeline as ${inside(concept)}.`
    : "No past message has this code with a value that can be read; those to come will.";
  return unreadable ? `${read} ${counted(unreadable, "past message")} could not be opened any more.` : read;
}
