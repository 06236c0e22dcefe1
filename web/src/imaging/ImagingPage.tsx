/** Which studies are there, which are good, and which wait for somebody: the newest first. */

import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { Empty } from "@/design/Empty";
import { PageHead } from "@/design/PageParts";
import { Problem } from "@/design/Problem";
import { Skeleton } from "@/design/Skeleton";
import { useViewerSoon } from "@/imaging/preload";
import { studiesQuery } from "@/imaging/queries";
import styles from "@/imaging/Studies.module.css";
import { PlaceDialog } from "@/imaging/PlaceDialog";
import { StudyTable } from "@/imaging/StudyTable";
import type { StudyLine } from "@/imaging/types";

export function ImagingPage() {
  useViewerSoon();
  const { data, error, refetch } = useQuery(studiesQuery());
  const [sought, setSought] = useState("");
  const [placing, setPlacing] = useState<StudyLine>();
  const words = sought.trim().toLowerCase();
  const shown = data?.studies.filter((each) =>
    [each.name, each.number, each.accession, each.description, ...each.modalities].some((one) => one.toLowerCase().includes(words)),
  );
  return (
    <div className="page">
      <PageHead title="Imaging">
        <div className={styles.tools}>
          <label>
            <span className="spoken">Search studies</span>
            <input
              type="search"
              className={styles.search}
              placeholder="Name, number, accession, modality"
              value={sought}
              onChange={(event) => setSought(event.currentTarget.value)}
            />
          </label>
        </div>
      </PageHead>
      {error && !data && <Problem error={error} again={() => void refetch()} />}
      {!data && !error && <Skeleton width="60%" />}
      {data?.studies.length === 0 && (
        <Empty title="No study yet">
          <p>
            Studies come from the scanners by DICOM, or by DICOMweb at <code>/dicom-web</code>. The node is switched on with{" "}
            <code>wardline serve --dicom PORT</code>; <Link to="/feeds">Feeds</Link> shows what arrives.
          </p>
        </Empty>
      )}
      {shown &&
        data &&
        data.studies.length > 0 &&
        (shown.length > 0 ? (
          <StudyTable studies={shown} named onPlace={setPlacing} />
        ) : (
          <Empty title="None fits">
            <p>No study fits “{sought}”.</p>
          </Empty>
        ))}
      {placing && <PlaceDialog study={placing} onClose={() => setPlacing(undefined)} />}
    </div>
  );
}
