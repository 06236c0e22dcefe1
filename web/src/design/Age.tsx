/** How old a fact is, counting up by the hospital's clock; the moment itself on pointing at it. */

import { clock, useNow } from "@/time/clock";
import { age, moment } from "@/time/words";

export function Age({ at }: { at: string }) {
  const shown = useNow((now) => (Number.isNaN(now) ? "–" : age(at, now)));
  return (
    <time dateTime={at} title={moment(at, clock.now())}>
      {shown}
    </time>
  );
}
