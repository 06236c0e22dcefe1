/** Drugs: each order as a bar for as long as it stands, each dose given as a tick. */

import { useMemo } from "react";
import { doseShown, type DrugRow, drugRows } from "@/patient/rows";
import { Heading, Row } from "@/patient/timeline/Row";
import { labelled, useSheet, x } from "@/patient/timeline/sheet";
import styles from "@/patient/timeline/Timeline.module.css";
import type { Given, TimelineAnswer } from "@/patient/types";
import { age, moment } from "@/time/words";

const HEIGHT = 24;

export function DrugRows({ answer }: { answer: TimelineAnswer }) {
  const rows = useMemo(() => drugRows(answer), [answer]);
  if (rows.length === 0) return null;
  return (
    <>
      <Heading name="Medication and fluids" remark="bars: ordered; ticks: given" />
      {rows.map((row) => (
        <Drug key={row.what} row={row} />
      ))}
    </>
  );
}

function Drug({ row }: { row: DrugRow }) {
  const sheet = useSheet();
  const labels = useMemo(
    () =>
      labelled(
        row.doses,
        (dose) => x(sheet, Date.parse(dose.at)),
        (dose) => dose.dose,
        sheet.width,
      ),
    [row, sheet],
  );
  const givenWords = (dose: Given) => `${row.what} ${dose.dose} ${dose.route} given ${moment(dose.at, sheet.edge)}`;
  return (
    <Row
      name={row.what}
      height={HEIGHT}
      last={<LastDose row={row} />}
      said={`${row.what}: ${row.doses.map((dose) => `${dose.dose} at ${moment(dose.at, sheet.edge)}`).join("; ") || "no dose in this window"}`}
    >
      {row.orders.map(({ order, from, until }) => {
        const left = Math.max(0, x(sheet, from));
        const right = x(sheet, Math.min(until ?? sheet.edge, sheet.edge));
        return (
          right > left && (
            <span
              key={order.id}
              className={styles.order}
              style={{ left, width: right - left }}
              title={`Ordered: ${doseShown(order)}, from ${moment(from, sheet.edge)}${order.orderer && `, by ${order.orderer}`}`}
            />
          )
        );
      })}
      {labels.map(({ item, x: left, side }) =>
        side === null ? (
          <span key={item.id} className={styles.dose} style={{ left }} title={givenWords(item)} aria-hidden="true" />
        ) : (
          <span key={item.id} className={styles.dose} data-side={side} style={{ left }} title={givenWords(item)} aria-hidden="true">
            {item.dose}
          </span>
        ),
      )}
    </Row>
  );
}

/** What stands now, or when it ended; how long ago the last dose was on pointing at it, as its tick shows it. */
function LastDose({ row }: { row: DrugRow }) {
  const { edge } = useSheet();
  const standing = row.orders.findLast(({ order }) => !order.ended);
  const ended = row.orders.at(-1);
  const last = row.doses.at(-1);
  const words = standing ? doseShown(standing.order) : ended?.until !== undefined ? `ended ${moment(ended.until, edge)}` : "";
  return (
    <p className={styles.drugLast} title={[words, last && `last given ${age(last.at, edge)} ago`].filter(Boolean).join(", ")}>
      {words}
    </p>
  );
}
