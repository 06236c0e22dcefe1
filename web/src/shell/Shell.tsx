/** What stands around every page: the way to the others, the hospital's time, who is signed in, search, keys and messages. */

import { useQuery } from "@tanstack/react-query";
import { Outlet, useMatchRoute, useNavigate, useSearch } from "@tanstack/react-router";
import { Suspense, useEffect, useMemo, useState } from "react";
import { ActsProvider, preloadDialogs } from "@/acts/acts";
import { Toasts } from "@/acts/Toasts";
import { boardsQuery } from "@/api/queries";
import type { Hospital, Person } from "@/api/types";
import { useNarrow } from "@/design/media";
import { FirstLook, useFirstLook } from "@/firstlook/FirstLook";
import { BottomTabs } from "@/shell/BottomTabs";
import { type Binding, useKeys } from "@/shell/keys";
import { pagesFor } from "@/shell/pages";
import { PersonContext } from "@/shell/person";
import styles from "@/shell/Shell.module.css";
import { preloadable } from "@/shell/preloadable";
import { ShellContext } from "@/shell/shellContext";
import { TopBar } from "@/shell/TopBar";
import { StepUp } from "@/signin/StepUpDialog";
import { clock } from "@/time/clock";

const Palette = preloadable(() => import("@/shell/Palette"));
const KeysDialog = preloadable(() => import("@/shell/KeysDialog"));

/** What opens on a key press is fetched while nobody waits, so that the first letters typed are not lost. */
function preload(): void {
  setTimeout(() => void Promise.all([Palette.preload(), KeysDialog.preload(), preloadDialogs()]), 1_000);
}

export function Shell({ person, hospital }: { person: Person; hospital: Hospital }) {
  const narrow = useNarrow();
  const wall = useSearch({ strict: false, select: (search) => search.wall === true });
  const [open, setOpen] = useState<"search" | "keys" | null>(null);
  const firstLook = useFirstLook(person.id);
  const unseen = useUnseen(person);
  const shell = useMemo(
    () => ({ search: () => setOpen("search"), keys: () => setOpen("keys"), firstLook: firstLook.start }),
    [firstLook.start],
  );
  useEffect(preload, []);
  useShellKeys(person, shell.search, shell.keys);
  const chrome = !wall;
  // An alert on a phone has its own three buttons under the thumb.
  const deciding = useMatchRoute()({ to: "/patients/$id/alert" }) !== false;
  return (
    <PersonContext value={person}>
      <ShellContext value={shell}>
        <ActsProvider>
          <div className={styles.shell}>
            <a className={styles.skip} href="#page">
              Skip to the page
            </a>
            {chrome && !narrow && <TopBar person={person} unseen={unseen} />}
            {hospital.simulated && (
              <aside className={styles.simulated} aria-label="Simulated hospital">
                <b>Simulated hospital.</b> Nobody here is a real patient. <span>Time runs at its own pace.</span>
              </aside>
            )}
            <main id="page" className={styles.page} tabIndex={-1}>
              <Outlet />
            </main>
            {chrome && narrow && !deciding && <BottomTabs person={person} unseen={unseen} />}
          </div>
          <Toasts />
          <StepUp />
          {chrome && firstLook.on && cares(person) && <FirstLook onDone={firstLook.finish} />}
          <Suspense>
            {open === "search" && <Palette onClose={() => setOpen(null)} />}
            {open === "keys" && <KeysDialog onClose={() => setOpen(null)} />}
          </Suspense>
        </ActsProvider>
      </ShellContext>
    </PersonContext>
  );
}

/** The ward board is theirs, and with it the first look that points at it. */
const cares = (person: Person): boolean => pagesFor(person.roles).some((page) => page.to === "/board");

/** Alerts nobody has seen, in all units this person has. */
function useUnseen(person: Person): number {
  const clinical = cares(person);
  const boards = useQuery({ ...boardsQuery, enabled: clinical }).data;
  // On pages that ask about no moment the hospital's time comes from here.
  useEffect(() => {
    if (boards) clock.heard(boards.as_of);
  }, [boards]);
  return boards?.units.reduce((sum, unit) => sum + unit.unseen, 0) ?? 0;
}

function useShellKeys(person: Person, search: () => void, keys: () => void): void {
  const navigate = useNavigate();
  useKeys(
    useMemo(
      (): Binding[] => [
        { keys: "/", says: "Search patients and pages", group: "Everywhere", run: search },
        { keys: "?", says: "All keys", group: "Everywhere", run: keys },
        ...pagesFor(person.roles).map((page) => ({
          keys: `g ${page.key}`,
          says: page.word,
          group: "Go to",
          run: () => void navigate({ to: page.to }),
        })),
      ],
      [person.roles, search, keys, navigate],
    ),
  );
}
