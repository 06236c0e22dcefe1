/** What the first look says, in the order of a shift's first questions. */

export interface Step {
  title: string;
  says: string;
  /** A selector of what it points at; the first that is on the screen. */
  points: string;
}

export const STEPS: readonly Step[] = [
  {
    title: "Who needs you now",
    says: "The most urgent bed stands first. A filled mark means nobody has seen it yet; an outlined one, that a colleague has taken it on. Shape and word say the same as the colour.",
    points: "[data-row][data-urgent], [data-row]",
  },
  {
    title: "Every number has its why",
    says: "Press a score: its inputs with their ages, the bands, the source. What is missing is named, never guessed: at least 7 stays at least 7.",
    points: "[data-row] [data-why], [data-row]",
  },
  {
    title: "Two presses, and ten seconds to think again",
    says: "Choose a row, then a to acknowledge, o to override with a reason, e to escalate. Each can be undone for ten seconds. Rows stay still while you point at them.",
    points: "[data-row] [data-menu], [data-row]",
  },
  {
    title: "Silence is shown",
    says: "Each feed says how old its last message is. A laboratory that has gone quiet against its usual hour is named here, and nothing older passes as current.",
    points: "[data-tour=feeds], [data-tour=totals]",
  },
  {
    title: "Find anything",
    says: "The / key searches patients, units and pages; ? lists all keys. Colours, this first look and signing out are behind your name.",
    points: "[data-tour=search]",
  },
];
