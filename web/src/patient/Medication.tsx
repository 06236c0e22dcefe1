/** Is it safe, what is ordered now, what was stopped, and every dose given in the window. */

import { Empty } from "@/design/Empty";
import { Review } from "@/patient/medication/Review";
import { doseShown } from "@/patient/rows";
import styles from "@/patient/Sheets.module.css";
import type { Given, Order, TimelineAnswer } from "@/patient/types";
import { age, moment } from "@/time/words";

export const drugOrders = (answer: TimelineAnswer): Order[] =>
  answer.orders.filter((order) => order.category === "medication" && order.what);

export function Medication({ patient, answer, now }: { patient: string; answer: TimelineAnswer; now: number }) {
  const orders = drugOrders(answer);
  if (orders.length + answer.given.length === 0)
    return (
      <div className={styles.sheets}>
        <Empty title="No drug is ordered">
          <p>Orders and doses arrive with the pharmacy feed (RDE, RAS). A drug can be checked before it is ordered.</p>
        </Empty>
        <Review patient={patient} />
      </div>
    );
  const standing = orders.filter((order) => !order.ended);
  const ended = orders.filter((order) => order.ended);
  return (
    <div className={styles.sheets}>
      <Review patient={patient} />
      <section className="panel" aria-label="Ordered now">
        <h2 className={styles.head}>
          Ordered now <small>{standing.length}</small>
        </h2>
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">Drug</th>
              <th scope="col">Dose</th>
              <th scope="col">Since</th>
              <th scope="col">Last given</th>
              <th scope="col">Ordered by</th>
            </tr>
          </thead>
          <tbody>
            {standing.map((order) => (
              <Standing key={order.id} order={order} given={answer.given} now={now} />
            ))}
          </tbody>
        </table>
      </section>
      {ended.length > 0 && (
        <section className="panel" aria-label="Stopped">
          <h2 className={styles.head}>
            Stopped <small>{ended.length}</small>
          </h2>
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">Drug</th>
                <th scope="col">Dose</th>
                <th scope="col">Stopped</th>
              </tr>
            </thead>
            <tbody>
              {ended.map((order) => (
                <tr key={order.id}>
                  <th scope="row">{order.what}</th>
                  <td>{doseShown(order)}</td>
                  <td>{moment(order.at, now)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      <section className="panel" aria-label="Given">
        <h2 className={styles.head}>
          Given in this window <small>{answer.given.length}</small>
        </h2>
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">When</th>
              <th scope="col">Drug</th>
              <th scope="col">Dose</th>
            </tr>
          </thead>
          <tbody>
            {[...answer.given].reverse().map((dose) => (
              <tr key={dose.id}>
                <td>{moment(dose.at, now)}</td>
                <th scope="row">{dose.what}</th>
                <td>{doseShown(dose)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </div>
  );
}

function Standing({ order, given, now }: { order: Order; given: readonly Given[]; now: number }) {
  const last = given.findLast((dose) => dose.order === order.order);
  return (
    <tr>
      <th scope="row">{order.what}</th>
      <td>{doseShown(order)}</td>
      <td>{moment(order.starts_at ?? order.at, now)}</td>
      <td>{last ? `${age(last.at, now)} ago` : "– not in this window"}</td>
      <td>{order.orderer || "–"}</td>
    </tr>
  );
}
