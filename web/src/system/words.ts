/** Each part of Wardline in a sentence: how it is, and where it is not well, what is safe. */

import type { Person } from "@/api/types";
import { counted } from "@/feeds/words";
import { plain } from "@/library/words";
import type { Account, Channel, Dependencies, Health, Tested } from "@/system/types";
import { duration, timeOfDay } from "@/time/words";

export interface Part {
  name: string;
  well: boolean;
  /** One word: "Well", "Full", "Off". */
  state: string;
  says: string;
}

const UNITS = ["B", "kB", "MB", "GB", "TB"] as const;

/** "12.3 MB", in powers of 1000 as disks are sold. */
export function bytes(count: number): string {
  let [size, unit] = [count, 0];
  while (size >= 1_000 && unit < UNITS.length - 1) [size, unit] = [size / 1_000, unit + 1];
  return `${size >= 100 || unit === 0 ? Math.round(size) : size.toFixed(1)} ${UNITS[unit]}`;
}

/** Milliseconds by which the event loop may be late before people notice it. */
const LATE_MS = 250;

export function parts(health: Health): Part[] {
  const { log, audit, disk, mllp, downtime_pages: downtime, backup, destinations } = health.dependencies;
  return [
    { name: "Log", ...logPart(log) },
    { name: "Audit trail", ...auditPart(audit) },
    { name: "Disk", well: disk.state === "ok", state: disk.state === "ok" ? "Well" : "Nearly full", says: diskSays(disk) },
    { name: "HL7 listener", ...listenerPart(mllp) },
    {
      name: "Downtime pages",
      well: downtime.state === "ok",
      state: downtime.state === "ok" ? "Well" : "Failing",
      says: downtime.reason
        ? `They cannot be written: ${downtime.reason}. Those that are there say how old they are.`
        : "Written every few minutes to a folder of their own, readable without Wardline.",
    },
    { name: "Backup", well: backup.state === "ok", state: backup.state === "ok" ? "Well" : "Late", says: backupSays(backup) },
    ...destinations.map((each) => ({
      name: each.name,
      well: each.state === "ok",
      state: each.state === "ok" ? "Well" : "Waiting",
      says: each.reason
        ? `${each.reason}. What is for it waits in order, and nothing of it is lost.`
        : `${counted(each.sent, "message")} delivered.`,
    })),
    {
      name: "Event loop",
      well: health.engine.loop_lag_ms < LATE_MS,
      state: health.engine.loop_lag_ms < LATE_MS ? "Well" : "Late",
      says: `Late by ${milliseconds(health.engine.loop_lag_ms)} at worst in the last minute.`,
    },
  ];
}

function logPart({ state, files, bytes: size, damaged }: Dependencies["log"]): Omit<Part, "name"> {
  const kept = `${counted(files, "file")}, ${bytes(size)}`;
  switch (state) {
    case "ok":
      return { well: true, state: "Well", says: `Everything acknowledged is on disk: ${kept}.` };
    case "full":
      return {
        well: false,
        state: "Full",
        says: "Nothing can be stored. Senders keep their messages; what is on screen says its age. Make room on the disk.",
      };
    case "broken":
      return {
        well: false,
        state: "Stopped",
        says: "The disk refused a durable write. Nothing more is taken. Start Wardline again: it recovers from its last durable point.",
      };
    case "damaged":
      return {
        well: false,
        state: "Damaged",
        says: `${counted(damaged.length, "stored record")} not open any more and not shown: ${damaged.join(", ")}. The rest is whole: ${kept}.`,
      };
  }
}

function auditPart({ state }: Dependencies["audit"]): Omit<Part, "name"> {
  return state === "ok"
    ? { well: true, state: "Well", says: "Who looks at what is written down before it is shown." }
    : {
        well: false,
        state: "Failing",
        says: "It cannot be written, so patient data is not shown. Messages are taken in and alerts go on.",
      };
}

function backupSays({ age_seconds: taken, drill_age_seconds: tried }: Dependencies["backup"]): string {
  const drill = tried === null ? "Nobody has tried to restore one yet." : `A restore was last tried ${duration(tried)} ago.`;
  return taken === null ? "None has been taken yet." : `Last taken ${duration(taken)} ago. ${drill}`;
}

const diskSays = ({ free_bytes: free, total_bytes: total }: Dependencies["disk"]): string => `${bytes(free)} of ${bytes(total)} free.`;

function listenerPart(mllp: Dependencies["mllp"]): Omit<Part, "name"> {
  if (mllp.state === "off") return { well: true, state: "Off", says: "No HL7 port is open." };
  const { connections = 0, refused_connections: refused = 0, skipped_bytes: skipped = 0, abandoned_messages: abandoned = 0 } = mllp;
  const trouble = [
    refused > 0 && `${counted(refused, "connection")} refused`,
    abandoned > 0 && `${counted(abandoned, "message")} broken off`,
    skipped > 0 && `${bytes(skipped)} between messages skipped`,
  ].filter(Boolean);
  const since = trouble.length > 0 ? ` Since the start ${trouble.join(", ")}.` : "";
  return { well: true, state: "Well", says: `${capital(counted(connections, "sender"))} connected.${since}` };
}

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const milliseconds = (count: number): string => (count < 1 ? "less than 1 ms" : `${Math.round(count)} ms`);

/** "3 h 12 min", by this machine's clock: Wardline's own age does not run at the pace of a simulated hospital. */
export const runningFor = (startedAt: string): string => duration(Math.max(0, (Date.now() - Date.parse(startedAt)) / 1_000));

export const ROLES: readonly [string, string, string][] = [
  ["nurse", "Nurse", "sees patients, acts on alerts, assigns patients"],
  ["doctor", "Doctor", "sees patients, acts on alerts, changes the alert policy"],
  ["radiologist", "Radiologist", "sees patients and reads their images"],
  ["pharmacist", "Pharmacist", "sees patients and reviews their drugs"],
  ["manager", "Manager", "sees who is where, assigns patients, changes the alert policy"],
  ["researcher", "Researcher", "works with data that names nobody"],
  ["engineer", "Engineer", "repairs messages, maps codes"],
  ["auditor", "Auditor", "reads the audit trail"],
  ["privacy", "Privacy officer", "reads the audit trail, reviews emergency access, consents, retention and erasure"],
  ["admin", "Administrator", "keeps accounts, keys and certificates, maps codes"],
  ["patient", "Patient", "sees their own record and who looked at it"],
];

export const rolesSaid = (roles: readonly string[]): string =>
  ROLES.filter(([role]) => roles.includes(role))
    .map(([, word], index) => (index ? word.toLowerCase() : word))
    .join(", ");

/** "Passkey and app with codes", or that there is none. */
export function factorsSaid(factors: Account["factors"]): string {
  const words = [factors.includes("passkey") && "passkey", factors.includes("app") && "app with codes"].filter((word) => word !== false);
  return words.length > 0 ? capital(words.join(" and ")) : "No second factor";
}

/** "Firefox on Linux" from what the browser says of itself; the whole of it where that is not clear. */
export function deviceSaid(agent: string): string {
  const browser = [
    ["Edg/", "Edge"],
    ["Firefox/", "Firefox"],
    ["Chrome/", "Chrome"],
    ["Safari/", "Safari"],
  ].find(([mark]) => mark && agent.includes(mark))?.[1];
  const system = ["Android", "iPhone", "iPad", "Windows", "Macintosh", "Linux"].find((each) => agent.includes(each));
  return browser
    ? `${browser}${system ? ` on ${system === "Macintosh" ? "Mac" : system}` : ""}`
    : agent || "A device that did not say what it is";
}

// --- channels ---

export const mayTest = ({ roles }: Person): boolean => roles.includes("engineer") || roles.includes("admin");

const AND = new Intl.ListFormat("en-GB", { type: "conjunction" });
const OR = new Intl.ListFormat("en-GB", { type: "disjunction" });

/** "doctor, charge nurse or rapid response" */
export const rolesMissed = (roles: readonly string[]): string => OR.format(roles.map(plain));

/** "Tells nurse and charge nurse. Tried 2 times; the device confirms within 30 s, or the next channel is tried." */
export function channelSaid({ roles, tries, confirm_within_seconds: seconds }: Channel): string {
  const told = roles.length === 0 ? "No role of the policy in force is told this way." : `Tells ${AND.format(roles.map(plain))}.`;
  const tried = tries === 1 ? "Tried once" : `Tried up to ${tries} times`;
  return `${told} ${tried}${seconds === null ? "." : `; not confirmed within ${seconds} s counts as failed.`}`;
}

/** What became of a test, in a sentence. Taken by a channel is not yet shown on a device. */
export function tested({ outcome, detail }: Tested, at: number): string {
  const when = Number.isNaN(at) ? "" : ` at ${timeOfDay(at)}`;
  switch (outcome) {
    case "sent":
      return `Sent${when}; look whether it arrived.`;
    case "received":
      return `Received${when}: the device has confirmed it.`;
    case "failed":
      return `Failed${when}: ${detail}.`;
  }
}
