/** What can be done about an alert: acknowledge, override with a reason, escalate with a comment; each can be undone for ten seconds. */

import { useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, Suspense, use, useMemo, useState } from "react";
import { done, failed, note } from "@/acts/toasts";
import { belonging } from "@/api/belonging";
import { send } from "@/api/client";
import type { Act, ActName, QueueItem } from "@/api/types";
import { preloadable } from "@/shell/preloadable";

const OverrideDialog = preloadable(() => import("@/acts/OverrideDialog"));
const EscalateDialog = preloadable(() => import("@/acts/EscalateDialog"));

export const preloadDialogs = () => Promise.all([OverrideDialog.preload(), EscalateDialog.preload()]);

/** The alert that is acted on, fixed at the moment of the press: whatever the screen shows a moment later, the act stays with it. */
export interface Target {
  alert: string;
  patient: string;
  /** "bed 12, Okafor, NEWS2 7" */
  label: string;
  /** "doctor and rapid response" */
  escalatesTo: string;
}

export interface Acts {
  acknowledge: (target: Target) => void;
  override: (target: Target) => void;
  escalate: (target: Target) => void;
}

/** What happened to an alert by hand here, told to whoever shows it, before the server's own news arrives. */
export type Happened = (alert: string, action: ActName) => void;
const listeners = new Set<Happened>();

export function onAct(listener: Happened): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const DONE: Record<"acknowledge" | "override" | "escalate", string> = {
  acknowledge: "Acknowledged",
  override: "Overridden",
  escalate: "Escalated",
};

const ActsContext = createContext<Acts | null>(null);

export function useActs(): Acts {
  const acts = use(ActsContext);
  if (!acts) throw new Error("useActs needs ActsProvider above it");
  return acts;
}

type Asking = { what: "override" | "escalate"; target: Target } | null;

export function ActsProvider({ children }: { children: ReactNode }) {
  const queries = useQueryClient();
  const [asking, ask] = useState<Asking>(null);
  const { acts, act } = useMemo(() => {
    const refresh = (patient: string) => {
      void queries.invalidateQueries({ queryKey: ["queue"] });
      void queries.invalidateQueries({ queryKey: ["patient", patient] });
      void queries.invalidateQueries({ queryKey: ["boards"] });
    };
    const act = performer(refresh);
    const acts: Acts = {
      acknowledge: (target) => act(target, { alert: target.alert, action: "acknowledge" }),
      override: (target) => ask({ what: "override", target }),
      escalate: (target) => ask({ what: "escalate", target }),
    };
    return { acts, act };
  }, [queries]);
  const close = () => ask(null);
  return (
    <ActsContext value={acts}>
      {children}
      <Suspense>
        {asking?.what === "override" && (
          <OverrideDialog
            target={asking.target}
            onClose={close}
            onChosen={(chosen) => act(asking.target, { alert: asking.target.alert, action: "override", ...chosen })}
          />
        )}
        {asking?.what === "escalate" && (
          <EscalateDialog
            target={asking.target}
            onClose={close}
            onWritten={(comment) => act(asking.target, { alert: asking.target.alert, action: "escalate", comment })}
          />
        )}
      </Suspense>
    </ActsContext>
  );
}

type DecidingAct = Act & { action: keyof typeof DONE };

function performer(refresh: (patient: string) => void): (target: Target, act: DecidingAct) => void {
  const running = new Set<string>();

  async function perform(target: Target, act: DecidingAct): Promise<void> {
    tell(target.alert, act.action);
    await toServer(target, act);
    done(`${DONE[act.action]}: ${target.label}`, () => void attempt(target, "Not undone", () => undo(target)));
  }

  async function undo(target: Target): Promise<void> {
    await toServer(target, { alert: target.alert, action: "undo" });
    tell(target.alert, "undo");
    note(`Undone: ${target.label}`);
  }

  async function attempt(target: Target, failure: string, work: () => Promise<void>): Promise<void> {
    if (running.has(target.alert)) return;
    running.add(target.alert);
    try {
      await work();
    } catch (error) {
      tell(target.alert, "undo");
      failed(`${failure}: ${target.label}. ${error instanceof Error ? error.message : ""}`);
    } finally {
      running.delete(target.alert);
      refresh(target.patient);
    }
  }

  return (target, act) => void attempt(target, `Not ${DONE[act.action].toLowerCase()}`, () => perform(target, act));
}

function tell(alert: string, action: ActName): void {
  for (const listener of listeners) listener(alert, action);
}

/** The server answers with the item as it now is; an item of another patient would be a fault and counts as one. */
async function toServer(target: Target, act: Act): Promise<QueueItem> {
  const item = await send<QueueItem>(`/api/v1/nurse/queue/${encodeURIComponent(target.patient)}/action`, act);
  return belonging(target.patient, item, (answer) => answer.patient.id);
}

/** Somebody has opened this alert and read it. Only for the record; nothing waits for it. */
export function shown(alert: string, patient: string): void {
  // A lost "shown" changes nothing for the patient: the alert stays open and unacknowledged.
  send(`/api/v1/nurse/queue/${encodeURIComponent(patient)}/action`, { alert, action: "shown" }).catch(() => undefined);
}
