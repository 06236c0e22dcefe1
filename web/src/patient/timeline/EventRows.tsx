/** What happened around the patient, and the alerts: who was told and who answered. */

import { useMemo } from "react";
import type { PatientAlerts, QueueItem } from "@/api/types";
import { SeverityShape } from "@/design/SeverityMark";
import { type CareEvent, careEvents } from "@/patient/rows";
import { Mark } from "@/patient/timeline/Mark";
import { towards } from "@/patient/timeline/marks";
import { Heading, Row } from "@/patient/timeline/Row";
import { type Label, labelled, useSheet, x } from "@/patient/timeline/sheet";
import styles from "@/patient/timeline/Timeline.module.css";
import type { TimelineAnswer } from "@/patient/types";
import { moment } from "@/time/words";

const HEIGHT = 24;

export function EventRows({ answer, alerts }: { answer: TimelineAnswer; alerts: PatientAlerts | undefined }) {
  const sheet = useSheet();
  const care = useMemo(() => careEvents(answer).filter((event) => x(sheet, event.at) >= 0 && event.at <= sheet.edge), [answer, sheet]);
  const raised = useMemo(() => raisedWithin(alerts, (at) => x(sheet, at) >= 0), [alerts, sheet]);
  return (
    <>
      <Heading name="Events" />
      <Row
        name="Care"
        height={HEIGHT}
        said={`Care: ${care.map((event) => `${event.words} at ${moment(event.at, sheet.edge)}`).join("; ") || "nothing in this window"}`}
      >
        {labelled(
          care,
          (event) => x(sheet, event.at),
          (event) => event.words,
          sheet.width,
        ).map((label) => (
          <Happened key={label.item.id} label={label} />
        ))}
      </Row>
      <Row
        name="Alerts"
        height={HEIGHT}
        said={`Alerts: ${raised.map((item) => alertWords(item, sheet.edge)).join("; ") || "none in this window"}`}
      >
        {labelled(
          raised,
          (item) => x(sheet, Date.parse(item.opened_at)),
          (item) => shortAlert(item, sheet.edge),
          sheet.width,
        ).map((label) => (
          <Raised key={label.item.alert} label={label} />
        ))}
      </Row>
    </>
  );
}

function Happened({ label }: { label: Label<CareEvent> }) {
  const sheet = useSheet();
  const words = `${label.item.words}, ${moment(label.item.at, sheet.edge)}`;
  return (
    <span className={styles.event} data-side={label.side} style={{ left: label.x }} title={words} aria-hidden="true">
      {label.side && label.item.words}
    </span>
  );
}

function raisedWithin(alerts: PatientAlerts | undefined, within: (at: number) => boolean): QueueItem[] {
  return [...(alerts?.open ?? []), ...(alerts?.history ?? [])]
    .filter((item) => within(Date.parse(item.opened_at)))
    .sort((a, b) => a.opened_at.localeCompare(b.opened_at));
}

function Raised({ label }: { label: Label<QueueItem> }) {
  const sheet = useSheet();
  const { item } = label;
  const shape = item.severity === "none" ? null : <SeverityShape severity={item.severity} filled={!item.seen && item.closed_at === null} />;
  return (
    <Mark kind="plain" left={label.x} words={alertWords(item, sheet.edge)} towards={towards(label.x, sheet.width)}>
      <span className={styles.alert} data-side={label.side ?? "right"}>
        {shape}
        {label.side !== null && <span>{shortAlert(item, sheet.edge)}</span>}
      </span>
    </Mark>
  );
}

function shortAlert(item: QueueItem, now: number): string {
  const answered = item.history.findLast((entry) => entry.what === "acknowledged");
  return answered ? `acknowledged ${moment(answered.at, now)}` : item.closed_at ? item.state : "not acknowledged";
}

function alertWords(item: QueueItem, now: number): string {
  return `${item.summary}, raised ${moment(item.opened_at, now)}, ${shortAlert(item, now)}${item.closed_at ? `, ${item.state} ${moment(item.closed_at, now)}` : ""}.`;
}
