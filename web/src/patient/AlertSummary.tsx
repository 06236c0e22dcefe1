/** What an alert says. An incomplete score says only "At least 2": it gets its name before it. */

import { useQuery } from "@tanstack/react-query";
import { capabilityQuery } from "@/api/queries";
import type { QueueItem } from "@/api/types";
import { titleOf } from "@/patient/Why";

export function AlertSummary({ item }: { item: QueueItem }) {
  const isNameless = item.summary.startsWith("At least ");
  const capability = useQuery({ ...capabilityQuery(item.capability), enabled: isNameless }).data;
  return isNameless ? `${titleOf(capability, item)}, at least ${item.summary.slice("At least ".length)}` : item.summary;
}
