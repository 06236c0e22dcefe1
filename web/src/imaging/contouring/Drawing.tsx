/** All that stands beside the images while somebody draws: the bar, and the questions before something is saved or lost. */

import { DrawBar } from "@/imaging/contouring/DrawBar";
import { SaveDialog } from "@/imaging/contouring/SaveDialog";
import { LeavingGuard, LetGo } from "@/imaging/contouring/Unsaved";
import type { Session } from "@/imaging/contouring/useSession";

export function Drawing({ study, session, isMeasuring }: { study: string; session: Session; isMeasuring: boolean }) {
  const { drawing, asking, toggle, save, done, letGo } = session;
  return (
    <>
      <DrawBar hand={drawing} isMeasuring={isMeasuring} onSave={save} onStop={toggle} />
      <LeavingGuard isUnsaved={drawing.isUnsaved} />
      {asking === "stop" && <LetGo onStay={done} onLeave={letGo} />}
      {asking === "save" && drawing.opened && <SaveDialog study={study} hand={drawing} opened={drawing.opened} onClose={done} />}
    </>
  );
}
