/** Everything behind the sign-in: asks for it where it is missing, at whatever address, and stays at that address. */

import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { hospitalQuery } from "@/api/queries";
import { Problem } from "@/design/Problem";
import { useSession } from "@/shell/person";
import { Shell } from "@/shell/Shell";
import { SignInPage } from "@/signin/SignInPage";
import { clock } from "@/time/clock";
import { setZone } from "@/time/words";

const Gate = lazy(() => import("@/signin/Gate"));

export function SignedIn() {
  const state = useSession();
  const hospital = useQuery(hospitalQuery);
  if (hospital.error) return <Problem error={hospital.error} again={() => void hospital.refetch()} />;
  if (state.status === "starting" || !hospital.data) return null;
  setZone(hospital.data.zone);
  clock.simulated = hospital.data.simulated;
  if (state.status === "out") return <SignInPage hospital={hospital.data} notice={state.notice} />;
  if (state.person.awaited)
    return (
      <Suspense>
        <Gate person={state.person} />
      </Suspense>
    );
  return <Shell key={state.person.id} person={state.person} hospital={hospital.data} />;
}
