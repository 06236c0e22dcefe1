/** The timeline as it stands, as a picture or as a table. */

import { Menu } from "@mantine/core";
import { failed } from "@/acts/toasts";
import { ChevronIcon } from "@/design/icons";
import { timelineCsv } from "@/patient/export/csv";
import { save } from "@/patient/export/save";
import type { TimelineAnswer, WholePatient } from "@/patient/types";
import { date, timeOfDay } from "@/time/words";

interface Props {
  patient: WholePatient;
  timeline: TimelineAnswer | undefined;
  /** A picture can be made while the timeline is on screen. */
  drawn: boolean;
}

export function ExportMenu({ patient, timeline, drawn }: Props) {
  if (!timeline)
    return (
      <button type="button" className="button" disabled>
        Export PNG, CSV
      </button>
    );
  // The record's key, not the name: files lie about.
  const name = `timeline-${patient.id}-${timeline.as_of.replaceAll(":", "")}`;
  const caption = `${patient.family}, ${patient.given}, ${patient.identifiers[0]?.number ?? ""}, as known ${date(timeline.as_of)} ${timeOfDay(timeline.as_of)}`;
  return (
    <Menu position="bottom-end" width={200}>
      <Menu.Target>
        <button type="button" className="button">
          Export PNG, CSV
          <ChevronIcon />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item disabled={!drawn} onClick={() => void asPicture(`${name}.png`, caption)}>
          Picture (PNG)
        </Menu.Item>
        <Menu.Item onClick={() => save(`${name}.csv`, new Blob([timelineCsv(timeline)], { type: "text/csv;charset=utf-8" }))}>
          Table (CSV)
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

async function asPicture(name: string, caption: string): Promise<void> {
  const sheet = document.querySelector<HTMLElement>("[data-export]");
  if (!sheet) return;
  try {
    const { pictureOf } = await import("@/patient/export/picture");
    save(name, await pictureOf(sheet, caption));
  } catch (error) {
    failed(`The picture could not be made. ${error instanceof Error ? error.message : ""} The table still can.`);
  }
}
