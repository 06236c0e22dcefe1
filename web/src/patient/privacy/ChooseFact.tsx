/** Finding the fact that somebody wants to label: what is on the chart, by its name. */

import { Modal, Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import dialog from "@/acts/Dialog.module.css";
import { timelineQuery } from "@/patient/queries";
import type { Sensitive } from "@/patient/privacy/types";
import type { TimelineAnswer, WholePatient } from "@/patient/types";

export type Fact = Pick<Sensitive, "kind" | "key" | "title" | "labels">;

/** A week back: what is older is rarely what somebody has just been asked about. */
const HOURS = 168;

interface Props {
  patient: WholePatient;
  onClose: () => void;
  onChosen: (fact: Fact) => void;
}

export default function ChooseFact({ patient, onClose, onChosen }: Props) {
  const { data } = useQuery(timelineQuery(patient.id, HOURS, undefined));
  const facts = [...stated(patient), ...(data ? charted(data) : [])];
  return (
    <Modal opened onClose={onClose} title="Label a fact" closeButtonProps={{ "aria-label": "Close" }}>
      <div className={dialog.form}>
        <Select
          label="Which"
          placeholder="Type its name"
          data={facts.map((each, index) => ({ value: String(index), label: each.title }))}
          onChange={(index) => {
            const fact = facts[Number(index)];
            if (index !== null && fact) onChosen(fact);
          }}
          nothingFoundMessage="Nothing on this chart is called that"
          searchable
          data-autofocus
        />
      </div>
    </Modal>
  );
}

function stated(patient: WholePatient): Fact[] {
  return [
    ...patient.problems.map((each) => fact("Condition", each.code || each.text, each.text)),
    ...patient.allergies.map((each) => fact("AllergyIntolerance", each.code || each.text, `Allergy: ${each.text || each.code}`)),
  ];
}

function charted(timeline: TimelineAnswer): Fact[] {
  return [
    ...timeline.measured.filter((each) => each.last).map((each) => fact("Observation", each.name, each.label)),
    ...timeline.orders.map((each) =>
      fact(each.category === "medication" ? "MedicationRequest" : "ServiceRequest", each.order || each.what, `Order: ${each.what}`),
    ),
    ...timeline.documents.map((each) => fact("DocumentReference", each.document, `Document: ${each.title}`)),
  ];
}

const fact = (kind: string, key = "", title = ""): Fact => ({ kind, key, title: title || key, labels: [] });
