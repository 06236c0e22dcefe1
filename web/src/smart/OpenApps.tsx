/** Apps that can be opened for this patient, in a window of their own. Nothing where there are none. */

import { Menu } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { failed } from "@/acts/toasts";
import { ChevronIcon } from "@/design/icons";
import { launch, launchableQuery } from "@/smart/queries";
import type { Launchable } from "@/smart/types";

export function OpenApps({ patient }: { patient: string }) {
  const { data } = useQuery(launchableQuery);
  if (!data?.length) return null;
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <button type="button" className="button">
          Apps
          <ChevronIcon />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Open for this patient</Menu.Label>
        {data.map((each) => (
          <Menu.Item key={each.id} onClick={() => void open(each, patient)}>
            {each.name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

async function open(app: Launchable, patient: string): Promise<void> {
  try {
    const { url } = await launch(app, patient);
    window.open(url, "_blank", "noopener");
  } catch (error) {
    failed(error instanceof Error ? error.message : `${app.name} could not be opened.`);
  }
}
