/** One image that could not be filed: what is wrong, what to do, its file, and removing it for good. */

import { Drawer } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { note } from "@/acts/toasts";
import { useNarrow } from "@/design/media";
import { Problem } from "@/design/Problem";
import { sentence } from "@/imaging/aside/Aside";
import styles from "@/imaging/aside/Aside.module.css";
import { asideQuery, dismissImage, type ImageAside, imageFile } from "@/imaging/aside/queries";
import { save } from "@/patient/export/save";
import { clock } from "@/time/clock";
import { moment } from "@/time/words";

export default function AsideDrawer({ image, onClose }: { image: ImageAside; onClose: () => void }) {
  const narrow = useNarrow();
  const [failed, setFailed] = useState<unknown>(null);
  const [sure, setSure] = useState(false);
  const known = useQueryClient();
  const leaving = useMutation({
    mutationFn: () => dismissImage(image.number),
    onSuccess: async () => {
      note(`Image ${image.number} was removed.`);
      await known.invalidateQueries({ queryKey: asideQuery.queryKey });
      onClose();
    },
  });
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size={narrow ? "100%" : 520}
      title={`Image ${image.number}, ${moment(image.at, clock.now())}`}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <div className={styles.sheet}>
        <p>
          <b>{sentence(image.reason)}.</b>
        </p>
        <p>{image.what_to_do}</p>
        <Facts image={image} />
        {failed !== null && <Problem error={failed} />}
        {leaving.error && <Problem error={leaving.error} safe="The image is kept as it came." />}
        {sure ? (
          <div className={styles.sure}>
            <p>It is removed for good, with its file. If it is needed, its sender must send it again.</p>
            <div className={styles.buttons}>
              <button type="button" className="button" onClick={() => setSure(false)}>
                Keep it
              </button>
              <button type="button" className="button main" disabled={leaving.isPending} onClick={() => leaving.mutate()}>
                Remove it for good
              </button>
            </div>
          </div>
        ) : (
          <div className={styles.buttons}>
            <button type="button" className="button" onClick={() => setSure(true)}>
              Dismiss
            </button>
            <button
              type="button"
              className="button"
              disabled={!image.has_file}
              onClick={() => void imageFile(image.number).then((file) => save(`image-${image.number}.dcm`, file), setFailed)}
            >
              Save the file
            </button>
          </div>
        )}
      </div>
    </Drawer>
  );
}

function Facts({ image }: { image: ImageAside }) {
  const facts = [
    ["From", image.source || "– no name given"],
    ["Patient", image.name ? `${image.name}, ${image.patient_number || "no number"}` : "– not known"],
    ["Study", image.study || "– none named"],
    ["Instance", image.instance || "– none named"],
    ["Class", image.sop_class || "– none named"],
    ["Size", image.size < 1_000_000 ? `${Math.ceil(image.size / 1000)} kB` : `${(image.size / 1_000_000).toFixed(1)} MB`],
  ];
  return (
    <dl>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
