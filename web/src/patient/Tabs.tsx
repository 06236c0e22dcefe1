/** The tabs of the patient page, each with how much is behind it. */

import { useEffect, useRef } from "react";
import styles from "@/patient/PatientPage.module.css";
import { type Tab, TABS } from "@/patient/search";

export const NAMES: Record<Tab, string> = {
  timeline: "Timeline",
  problems: "Problems",
  documents: "Documents",
  medication: "Medication",
  imaging: "Imaging",
  differential: "Differential",
  guidelines: "Guidelines",
  ask: "Ask",
  alerts: "Alerts",
  privacy: "Privacy",
};

interface Props {
  tab: Tab;
  onTab: (tab: Tab) => void;
  counts: Partial<Record<Tab, number>>;
  narrow: boolean;
}

export function Tabs({ tab, onTab, counts, narrow }: Props) {
  const open = useRef<HTMLButtonElement>(null);
  const said = TABS.map((each) => counts[each]).join();
  // On a phone the row scrolls sideways: the open one stays in sight, also when the counts have come and made the row longer.
  useEffect(() => {
    void open.current?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [tab, said]);
  return (
    <div className={styles.tabs} role="tablist" aria-label="About this patient">
      {TABS.map((each) => (
        <button
          key={each}
          type="button"
          role="tab"
          aria-selected={each === tab}
          ref={each === tab ? open : undefined}
          tabIndex={each === tab ? 0 : -1}
          onClick={() => onTab(each)}
          onKeyDown={(event) => {
            const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
            const next = step && TABS[(TABS.indexOf(each) + step + TABS.length) % TABS.length];
            if (!next) return;
            event.preventDefault();
            onTab(next);
            (event.currentTarget.parentElement?.children[TABS.indexOf(next)] as HTMLElement | undefined)?.focus();
          }}
        >
          {each === "timeline" && narrow ? "Now" : NAMES[each]} {counts[each] ?? ""}
        </button>
      ))}
    </div>
  );
}
