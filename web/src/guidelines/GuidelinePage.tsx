/** One card: for whom, what to do by when, what to watch, and on what grounds. */

import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { Problem } from "@/design/Problem";
import { Skeleton } from "@/design/Skeleton";
import { Grounds, Standing } from "@/guidelines/Grounds";
import styles from "@/guidelines/Guidelines.module.css";
import { guidelineQuery } from "@/guidelines/queries";
import { Steps } from "@/guidelines/Steps";

export function GuidelinePage() {
  const { id } = useParams({ from: "/in/guidelines/$id" });
  const { data: card, error, refetch } = useQuery(guidelineQuery(id));
  if (error && !card) return <Problem error={error} again={() => void refetch()} />;
  return (
    <article className="page">
      <header className={styles.head}>
        <p className="fine">
          <Link to="/guidelines">Guidelines</Link>
        </p>
        <h1>{card ? card.title : <Skeleton width="240px" />}</h1>
        {card && <p>{card.question}</p>}
      </header>
      {card && (
        <div className={`panel ${styles.card}`}>
          <h2 className="spoken">The card</h2>
          <Standing card={card} />
          {card.caution && <p className={styles.caution}>{card.caution}</p>}
          <section className={styles.part} aria-label="For whom">
            <h3>For whom</h3>
            <p>{card.population}.</p>
            <dl className={styles.watches}>
              {card.criteria.map((each) => (
                <div key={each.name}>
                  <dt>{each.name}</dt>
                  <dd>{each.text}</dd>
                </div>
              ))}
            </dl>
          </section>
          <Steps card={card} />
          <Grounds card={card} />
        </div>
      )}
    </article>
  );
}
