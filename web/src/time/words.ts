/** Times and ages in the words of a ward: 24 hours, "2 h 07 min", the day only when it is not today. */

const MINUTE = 60;
const HOUR = 3_600;
const DAY = 86_400;

let zone = "UTC";
let formats = formatsFor(zone);

/** The hospital's zone: every time on screen is shown in it, wherever the screen stands. */
export function setZone(name: string): void {
  zone = name;
  formats = formatsFor(name);
}

export function zoneName(): string {
  return zone;
}

function formatsFor(timeZone: string) {
  return {
    time: new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" }),
    day: new Intl.DateTimeFormat("en-GB", { timeZone, day: "numeric", month: "short" }),
    whole: new Intl.DateTimeFormat("en-GB", { timeZone, weekday: "short", day: "numeric", month: "short", year: "numeric" }),
  };
}

const milliseconds = (time: string | number): number => (typeof time === "number" ? time : Date.parse(time));

/** "04:12" */
export function timeOfDay(time: string | number): string {
  return formats.time.format(milliseconds(time));
}

/** "04:12" today, "11 Nov 14:52" on another day than `now`. */
export function moment(time: string | number, now: number): string {
  const at = milliseconds(time);
  const sameDay = Number.isNaN(now) || formats.whole.format(at) === formats.whole.format(now);
  return sameDay ? timeOfDay(at) : `${formats.day.format(at)} ${timeOfDay(at)}`;
}

/** "Sat 14 Nov 2026" */
export function date(time: string | number): string {
  return formats.whole.format(milliseconds(time)).replace(",", "");
}

/** "3 Mar 1955" from an ISO date as precise as it is known; "1955" stays "1955". */
export function birthDate(born: string): string {
  const [year, month, day] = born.split("-");
  if (!year || !month || !day) return born;
  const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
  return `${Number(day)} ${months[Number(month) - 1] ?? month} ${year}`;
}

/** "4 min", "2 h 07 min", "3 d 4 h". Less than a minute is "< 1 min". */
export function duration(seconds: number): string {
  if (seconds < MINUTE) return "< 1 min";
  const minutes = Math.floor(seconds / MINUTE);
  if (seconds < HOUR) return `${minutes} min`;
  if (seconds < DAY) return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
  const hours = Math.floor(seconds / HOUR);
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** As `duration`, to the second below a minute: "41 s". */
export function shortAge(seconds: number): string {
  return seconds < MINUTE ? `${Math.max(0, Math.floor(seconds))} s` : duration(seconds);
}

/** How old something is now: "4 min". Clocks that disagree by a little do not make it younger than now. */
export function age(time: string, now: number): string {
  return duration(Math.max(0, (now - milliseconds(time)) / 1_000));
}

/** "due 04:38", "due now", "overdue 9 min". A due time within two minutes is now. */
export function due(time: string, now: number): string {
  const seconds = (milliseconds(time) - now) / 1_000;
  if (seconds <= -2 * MINUTE) return `overdue ${duration(-seconds)}`;
  return seconds < 2 * MINUTE ? "due now" : `due ${moment(time, now)}`;
}
