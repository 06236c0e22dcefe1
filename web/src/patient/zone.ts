/** How far the hospital's clock is from UTC at a moment: full hours on an axis are full hours there. */

import { zoneName } from "@/time/words";

const formats = new Map<string, Intl.DateTimeFormat>();

/** Minutes east of UTC. */
export function offsetMinutes(at: number): number {
  const zone = zoneName();
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-GB", { timeZone: zone, timeZoneName: "longOffset" });
    formats.set(zone, format);
  }
  const said = format.formatToParts(at).find((part) => part.type === "timeZoneName")?.value ?? "GMT";
  const match = /GMT(?:([+-])(\d\d):(\d\d))?/.exec(said);
  if (!match?.[1]) return 0;
  return (match[1] === "-" ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3]));
}
