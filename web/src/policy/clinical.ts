/** Who cares for patients, and so may open charts and boards. The server has the last word. */

import { pagesFor } from "@/shell/pages";
import { usePerson } from "@/shell/person";

export const useIsClinical = (): boolean => pagesFor(usePerson().roles).some((page) => page.to === "/board");
