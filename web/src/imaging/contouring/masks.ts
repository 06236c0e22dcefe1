/** Which mask of a study people may draw in. */

import type { Mask } from "@/imaging/types";

export const drawnIn = ({ capability }: Mask): boolean => capability === "pet_lesions";
