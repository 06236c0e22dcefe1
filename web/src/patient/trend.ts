/** How a score came to be what it is: "up from 2 at 02:05". */

import type { Answer } from "@/api/types";
import type { ScorePoint } from "@/patient/types";
import { moment } from "@/time/words";

/** The last other value before this answer, and since when it is no longer that. Answers and history are fetched apart: only what came before counts. */
export function changeWords(answer: Pick<Answer, "value" | "at">, points: readonly ScorePoint[], now: number): string {
  if (typeof answer.value !== "number") return "";
  const earlier = points.filter((each) => Date.parse(each.at) < Date.parse(answer.at));
  const before = earlier.findLastIndex((each) => typeof each.value === "number" && each.value !== answer.value);
  const was = earlier[before]?.value;
  if (typeof was !== "number") return earlier.length > 0 ? "the same in this window" : "";
  const since = earlier.slice(before + 1).find((each) => each.value === answer.value)?.at ?? answer.at;
  return `${was < answer.value ? "up" : "down"} from ${was} at ${moment(since, now)}`;
}
