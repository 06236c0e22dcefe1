/** The pictures taken of this patient, the newest first. */

import { useQuery } from "@tanstack/react-query";
import { Empty } from "@/design/Empty";
import { Problem } from "@/design/Problem";
import { Skeleton } from "@/design/Skeleton";
import { useViewerSoon } from "@/imaging/preload";
import { studiesQuery } from "@/imaging/queries";
import { NotValid } from "@/imaging/report/NotValid";
import { StudyTable } from "@/imaging/StudyTable";

export function ImagingTab({ patient }: { patient: string }) {
  useViewerSoon();
  const { data, error, refetch } = useQuery(studiesQuery(patient));
  if (error && !data) return <Problem error={error} again={() => void refetch()} />;
  if (!data) return <Skeleton width="60%" />;
  return (
    <>
      {data.studies.length === 0 ? (
        <Empty title="No study">
          <p>No picture of this patient has come in. What a scanner sends appears here within seconds of its last image.</p>
        </Empty>
      ) : (
        <StudyTable studies={data.studies} />
      )}
      <NotValid patient={patient} />
    </>
  );
}
