/** The bare address: leads each role to the page its day begins with. */

import { Navigate } from "@tanstack/react-router";
import { firstPage } from "@/shell/pages";
import { usePerson } from "@/shell/person";

export function Home() {
  return <Navigate to={firstPage(usePerson().roles)} replace />;
}
