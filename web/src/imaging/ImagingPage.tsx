/** Which studies are there, which are good, and which wait for somebody: the newest first. */

import { useQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { Empty } from "@/design/Empty";
import { PageHead, PageParts } from "@/design/PageParts";
import { Problem } from "@/design/Problem";
import { Skeleton } from "@/design/Skeleton";
import { Aside } from "@/imaging/aside/Aside";
import { asideQuery, mayReconcile } from "@/imaging/aside/queries";
import { useViewerSoon } from "@/imaging/preload";
import { studiesQuery } from "@/imaging/queries";
import styles from "@/imaging/Studies.module.css";
import { PlaceDialog } from "@/imaging/PlaceDialog";
import { StudyTable } from "@/imaging/StudyTable";
import type { StudyLine } from "@/imaging/types";
import { usePerson } from "@/shell/person";

export function ImagingPage() {
  useViewerSoon();
  const { part } = useSearch({ from: "/in/imaging" });
  const reconciles = mayReconcile(usePerson());
  if (!reconciles) return <Worklist head={(tools) => <PageHead title="Imaging">{tools}</PageHead>} />;
  if (part !== "aside") return <Worklist head={(tools) => <Parts open="studies">{tools}</Parts>} />;
  return (
    <div className="page">
      <Parts open="aside" />
      <Aside />
    </div>
  );
}

/** For whoever says whose a study is there is a second part: what could not be filed at all. */
function Parts({ open, children }: { open: "studies" | "aside"; children?: ReactNode }) {
  const { data } = useQuery(asideQuery);
  const count = data && data.images.length > 0 ? ` ${data.images.length}${data.has_more ? "+" : ""}` : "";
  return (
    <PageParts
      title="Imaging"
      parts={[
        { key: "studies", word: "Studies" },
        { key: "aside", word: `Put aside${count}` },
      ]}
      open={open}
      way={(key) => ({ to: "/imaging", search: key === "aside" ? { part: "aside" } : {} })}
    >
      {children}
    </PageParts>
  );
}

function Worklist({ head }: { head: (tools: ReactNode) => ReactNode }) {
  const { data, error, refetch } = useQuery(studiesQuery());
  const [sought, setSought] = useState("");
  const [placing, setPlacing] = useState<StudyLine>();
  const words = sought.trim().toLowerCase();
  const shown = data?.studies.filter((each) =>
    [each.name, each.number, each.accession, each.description, ...each.modalities].some((one) => one.toLowerCase().includes(words)),
  );
  return (
    <div className="page">
      {head(
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
        </div>,
      )}
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
