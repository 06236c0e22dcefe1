/** Shares, intervals and periods in words. */

import type { Population, Rate } from "@/quality/types";

export const percent = (share: number): string => `${(100 * share).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`;

/** "95 % interval 10 to 91 %": how sure the share is. */
export const interval = ({ low, high }: Rate): string =>
  low === null || high === null ? "" : `95 % interval ${(100 * low).toFixed(0)} to ${(100 * high).toFixed(0)} %`;

export const counted = ({ numerator, of }: Rate): string => `${numerator} of ${of}`;

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** "2026-03" -> "Mar". */
export const month = (key: string): string => MONTHS[Number(key.slice(5, 7)) - 1] ?? key;

/** Years that can be chosen: this one and the four before. */
export const years = (now: number): string[] => {
  const year = new Date(now).getUTCFullYear();
  return Array.from({ length: 5 }, (_, back) => String(year - back));
};

export const isOpen = (population: Population): boolean => population.count > 0;
