/** Asking for a text without what identifies. The answer is shown and forgotten: nothing of it is kept in the browser. */

import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { send } from "@/api/client";

export type Profile = "safe-harbor" | "pseudonymised";

export interface FoundIdentifier {
  kind: string;
  start: number;
  end: number;
  new_start: number;
  new_end: number;
}

export interface Deidentified {
  profile: Profile;
  notice: string;
  text: string;
  found: FoundIdentifier[];
}

export interface Asked {
  content: string;
  profile: Profile;
  /** Names and numbers that are the patient's, as somebody typed them: with commas between. */
  known: string;
}

export const LONGEST = 60_000;

export const deidentifiedQuery = ({ content, profile, known }: Asked) =>
  queryOptions({
    queryKey: ["deidentified", content, profile, known],
    queryFn: async () => {
      const words = known
        .split(",")
        .map((word) => word.trim())
        .filter(Boolean);
      const numbers = words.filter((word) => /\d/.test(word));
      const names = words.filter((word) => !/\d/.test(word));
      const answer = await send<Deidentified>("/api/v1/deidentify", { content, profile, known: { names, numbers } });
      return { ...answer, asked: content };
    },
    enabled: content.trim().length > 0,
    staleTime: Infinity,
    gcTime: 0,
    retry: false,
    // The text before stays until the new one is there, so that nothing jumps while somebody types.
    placeholderData: keepPreviousData,
  });
