/** The outermost frame: what any address shows before it is known who is there, and when there is nothing to show. */

import { Outlet } from "@tanstack/react-router";
import { Empty } from "@/design/Empty";
import { Problem } from "@/design/Problem";

export function Root() {
  return <Outlet />;
}

export function NotFoundPage() {
  return (
    <main>
      <Empty title="There is no page at this address" whole>
        <p>Links to patients stay valid; this one was perhaps cut off when it was copied.</p>
        <a className="button" href="/">
          To the ward board
        </a>
      </Empty>
    </main>
  );
}

export function StoppedPage({ error }: { error: unknown }) {
  return <Problem error={error} again={() => location.reload()} />;
}
