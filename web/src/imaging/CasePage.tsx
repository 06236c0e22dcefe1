/** One case: is the image good, what does it show, what do I sign? */

import { useQueries, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useCallback, useEffect, useState } from "react";
import { Empty } from "@/design/Empty";
import { Problem } from "@/design/Problem";
import { Skeleton } from "@/design/Skeleton";
import { Answers } from "@/imaging/Answers";
import styles from "@/imaging/Case.module.css";
import { Measurements } from "@/imaging/contouring/Measurements";
import { useFresh } from "@/imaging/fresh";
import { LesionTable } from "@/imaging/LesionTable";
import { Provenance } from "@/imaging/Provenance";
import { viewer } from "@/imaging/preload";
import { Prognosis } from "@/imaging/Prognosis";
import { QualityPanel } from "@/imaging/QualityPanel";
import { Radiomics } from "@/imaging/Radiomics";
import { studyQuery } from "@/imaging/queries";
import { CasePanel } from "@/imaging/report/CasePanel";
import type { Study } from "@/imaging/types";
import { stackQuery, together } from "@/imaging/viewer/series";
import { day, modalities, STATES } from "@/imaging/words";
import { PatientFrame } from "@/patient/PatientFrame";

/** Asked for at once: it comes while the study is still being read. */
const asked = viewer();
const Viewer = lazy(() => asked);

export function CasePage() {
  const { study: uid = "" } = useSearch({ from: "/in/imaging/case" });
  const { data: study, error, refetch } = useQuery(studyQuery(uid));
  if (uid === "")
    return (
      <Empty title="No study chosen" whole>
        <p>Choose one in the list of studies, or on a patient’s page under Imaging.</p>
      </Empty>
    );
  if (error && !study) return <Problem error={error} again={() => void refetch()} />;
  if (!study) return <Opening />;
  return (
    <PatientFrame id={study.patient ?? ""} about={facts(study)}>
      {() => <Case study={study} />}
    </PatientFrame>
  );
}

const facts = (study: Study) => [
  { name: "Study", value: [study.description || modalities(study.modalities), day(study.started_at)].join(", ") },
  ...(study.accession ? [{ name: "Accession", value: study.accession }] : []),
];

function Case({ study }: { study: Study }) {
  const { lesion } = useSearch({ from: "/in/imaging/case" });
  const navigate = useNavigate();
  useFresh(study);
  const choose = useCallback(
    (key: string | undefined) =>
      void navigate({ to: "/imaging/case", search: (before) => ({ ...before, lesion: key }), replace: true, resetScroll: false }),
    [navigate],
  );
  const prognosis = study.answers.find(({ capability }) => capability === "prognosis");
  const [version, setVersion] = useState<string>();
  // New contours are shown at once, whatever was looked at before.
  useEffect(() => setVersion(undefined), [study.drawing?.mask]);
  const priorUid = study.lesions.find((each) => each.prior)?.prior?.study ?? study.priors[0]?.uid ?? "";
  const { data: prior } = useQuery(studyQuery(priorUid));
  // Asked while the viewer itself is still on its way.
  const { anatomy, activity } = together(study);
  useQueries({ queries: [anatomy, activity].map((each) => stackQuery(study.uid, each?.uid ?? "")) });
  // Voxels are turned into SUV while they load: when the server has measured them, they are loaded anew.
  const scaled = study.series.map(({ uid, suv }) => `${uid}:${suv?.refused === ""}`).join();
  return (
    <div className={styles.case}>
      <div className={styles.wide}>
        <Suspense fallback={<Opening />}>
          <Viewer key={scaled} study={study} prior={prior} lesion={lesion} onLesion={choose} version={version} />
        </Suspense>
        <LesionTable study={study} chosen={lesion} onChoose={choose} version={version} onVersion={setVersion} />
        <Measurements study={study} chosen={lesion} onChoose={choose} />
        {study.lesions.length > 0 && <Radiomics study={study.uid} chosen={lesion} onChoose={choose} />}
      </div>
      <div className={styles.side}>
        {study.state !== "analysed" && (
          <section className={`panel ${styles.state}`} role="status">
            <b>{STATES[study.state]}</b> {study.state === "receiving" ? `${study.instances} images so far.` : ""}
          </section>
        )}
        <QualityPanel study={study} />
        {study.patient !== null && <CasePanel study={study} patient={study.patient} lesion={lesion} onLesion={choose} />}
        <Answers study={study} />
        {prognosis && <Prognosis study={study.uid} standing={prognosis.standing} />}
        <Provenance study={study} />
      </div>
    </div>
  );
}

function Opening() {
  return (
    <div className={styles.opening} role="status" aria-label="The images are opening">
      <Skeleton width="40%" />
    </div>
  );
}
