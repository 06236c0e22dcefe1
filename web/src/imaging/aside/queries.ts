/** Images that were kept but could not be filed: the questions, and what is done about them. */

import { queryOptions } from "@tanstack/react-query";
import { read, remove } from "@/api/client";
import { problemIn } from "@/api/problem";
import { session } from "@/api/session";
import type { Person, Time } from "@/api/types";

const PATH = "/api/v1/imaging/quarantine";
const SECOND = 1_000;

export interface ImageAside {
  number: number;
  at: Time;
  reason: string;
  what_to_do: string;
  /** Who sent it: an AE title or an account. */
  source: string;
  study: string;
  instance: string;
  sop_class: string;
  syntax: string;
  size: number;
  /** As the study's other images say it; "" where there are none, or none this person may see. */
  name: string;
  patient_number: string;
  has_file: boolean;
}

export interface ImagesAside {
  as_of: Time;
  images: ImageAside[];
  has_more: boolean;
}

/** Who says whose a study is. */
export const mayReconcile = ({ roles }: Person): boolean => roles.includes("radiologist") || roles.includes("engineer");

export const asideQuery = queryOptions({
  queryKey: ["imaging", "aside"],
  queryFn: ({ signal }) => read<ImagesAside>(PATH, signal),
  // Every look at the list is in the audit trail.
  refetchInterval: 30 * SECOND,
});

export const dismissImage = (number: number): Promise<void> => remove(`${PATH}/${number}`);

/** The file as it came: the door asks who wants it, so a plain link would not do. */
export async function imageFile(number: number): Promise<Blob> {
  const response = await session.fetch(`${PATH}/${number}/file`);
  if (!response.ok) throw await problemIn(response);
  return response.blob();
}
