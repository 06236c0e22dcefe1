/** A page whose address is settled and whose answers the API already gives, before its screen is written. */

import { useLocation } from "@tanstack/react-router";
import { Empty } from "@/design/Empty";
import { PAGES } from "@/shell/pages";

export function ReservedPage() {
  const address = useLocation({ select: (location) => location.pathname });
  const page = PAGES.find((each) => address.startsWith(each.to));
  return (
    <Empty title={page?.word ?? "Page"} whole>
      <p>This screen is not part of this version yet. What it will show is answered by the API.</p>
      <a className="button" href="/docs">
        Open the API
      </a>
    </Empty>
  );
}
