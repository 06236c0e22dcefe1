/** The reasons beside the board, without leaving it. */

import { Drawer } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Problem } from "@/design/Problem";
import { wholePatientQuery } from "@/patient/queries";
import { Why } from "@/patient/Why";

interface Props {
  patient: string;
  capability: string;
  onClose: () => void;
}

export default function WhyDrawer({ patient, capability, onClose }: Props) {
  const { data, error, refetch } = useQuery(wholePatientQuery(patient, undefined));
  const answer = data?.answers.find((each) => each.capability === capability);
  const title = data ? `${data.family.toUpperCase()}, ${data.given}, bed ${data.place.bed || "–"}` : "";
  return (
    <Drawer opened onClose={onClose} position="right" size={480} title={title} closeButtonProps={{ "aria-label": "Close" }}>
      {error && <Problem error={error} again={() => void refetch()} />}
      {answer && <Why answer={answer} />}
      {data && !answer && <p>Nothing has been answered for this patient yet: no input has arrived.</p>}
    </Drawer>
  );
}
