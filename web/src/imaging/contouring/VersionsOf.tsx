/** Every version of a study's contours: who drew it, when and why; and one of them on the images instead of the ones in use. */

import { Modal } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Problem } from "@/design/Problem";
import { Skeleton } from "@/design/Skeleton";
import styles from "@/imaging/contouring/Contouring.module.css";
import { versionsQuery } from "@/imaging/contouring/queries";
import type { Versions } from "@/imaging/contouring/types";
import { drawnBy, HOW } from "@/imaging/contouring/words";
import { clock } from "@/time/clock";

interface Props {
  study: string;
  /** The mask that is on the images; undefined for the one in use. */
  shown: string | undefined;
  onShow: (mask: string | undefined) => void;
}

export function VersionsOf({ study, shown, onShow }: Props) {
  const [open, setOpen] = useState(false);
  return (
    <>
      {shown !== undefined && (
        <button type="button" className="link" onClick={() => onShow(undefined)}>
          Show the contours in use
        </button>
      )}
      <button type="button" className="link" onClick={() => setOpen(true)}>
        Versions
      </button>
      {open && (
        <Modal opened onClose={() => setOpen(false)} title="Versions of the contours" closeButtonProps={{ "aria-label": "Close" }}>
          <List
            study={study}
            onShow={(mask) => {
              onShow(mask);
              setOpen(false);
            }}
          />
        </Modal>
      )}
    </>
  );
}

function List({ study, onShow }: Pick<Props, "study" | "onShow">) {
  const { data, error, refetch } = useQuery(versionsQuery(study));
  if (error) return <Problem error={error} again={() => void refetch()} />;
  if (!data) return <Skeleton width="60%" />;
  return (
    <ol className={styles.versions}>
      {data.versions.map((each) => (
        <li key={`${each.mask} ${each.at}`}>
          <p>
            {each.automatic ? "Automatic" : drawnBy(each, clock.now())}
            {each.is_current && <b> – in use</b>}
          </p>
          <p className="fine">{contents(each)}</p>
          {!each.is_current && each.mask !== "" && (
            <button type="button" className="link" onClick={() => onShow(each.mask)}>
              Show on the images
            </button>
          )}
        </li>
      ))}
    </ol>
  );
}

function contents({ lesions, removed }: Versions["versions"][number]): string {
  const touched = lesions.filter(({ how }) => how !== "automatic").map(({ key, how }) => `${key}: ${HOW[how]}`);
  return [...touched, ...removed.map((key) => `${key}: removed`)].join(", ");
}
