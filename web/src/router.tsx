/**
 * Every address and the page behind it. Pages are loaded when they are first opened, the ward board at once.
 *
 * What a page is about stands in the search part (?unit=W7) unless it is a plain key: the server takes an address whose last part
 * has a dot for a file.
 */

import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from "@tanstack/react-router";
import { BoardPage } from "@/board/BoardPage";
import { Home } from "@/shell/Home";
import { patientSearch } from "@/patient/search";
import { SignedIn } from "@/shell/SignedIn";
import { NotFoundPage, Root, StoppedPage } from "@/shell/Root";

const root = createRootRoute({ component: Root, notFoundComponent: NotFoundPage, errorComponent: StoppedPage });

const signedIn = createRoute({ getParentRoute: () => root, id: "in", component: SignedIn });

const home = createRoute({ getParentRoute: () => signedIn, path: "/", component: Home });

interface BoardSearch {
  unit?: string | undefined;
  mine?: true | undefined;
  wall?: true | undefined;
}

const board = createRoute({
  getParentRoute: () => signedIn,
  path: "/board",
  component: BoardPage,
  validateSearch: (search): BoardSearch => ({
    ...(typeof search["unit"] === "string" || typeof search["unit"] === "number" ? { unit: String(search["unit"]) } : {}),
    ...(search["mine"] === true ? { mine: true } : {}),
    ...(search["wall"] === true ? { wall: true } : {}),
  }),
});

interface QueueSearch {
  urgency?: string | undefined;
  unit?: string | undefined;
  mine?: true | undefined;
}

const queue = createRoute({
  getParentRoute: () => signedIn,
  path: "/queue",
  component: lazyRouteComponent(() => import("@/queue/QueuePage"), "QueuePage"),
  validateSearch: (search): QueueSearch => ({
    ...(typeof search["urgency"] === "string" ? { urgency: search["urgency"] } : {}),
    ...(typeof search["unit"] === "string" ? { unit: search["unit"] } : {}),
    ...(search["mine"] === true ? { mine: true } : {}),
  }),
});

const patient = createRoute({
  getParentRoute: () => signedIn,
  path: "/patients/$id",
  component: lazyRouteComponent(() => import("@/patient/PatientPage"), "PatientPage"),
  validateSearch: patientSearch,
});

const patientAlert = createRoute({
  getParentRoute: () => signedIn,
  path: "/patients/$id/alert",
  component: lazyRouteComponent(() => import("@/patient/AlertPage"), "AlertPage"),
});

const setup = createRoute({
  getParentRoute: () => root,
  path: "/setup",
  component: lazyRouteComponent(() => import("@/signin/SetupPage"), "SetupPage"),
});

/** Addresses of the pages that are written next: each replaces its line by one with its own component. */
const reserved = (["/library", "/library/$id", "/feeds", "/policy", "/system"] as const).map((path) =>
  createRoute({
    getParentRoute: () => signedIn,
    path,
    component: lazyRouteComponent(() => import("@/shell/ReservedPage"), "ReservedPage"),
  }),
);

const tree = root.addChildren([setup, signedIn.addChildren([home, board, queue, patient, patientAlert, ...reserved])]);

export function makeRouter() {
  return createRouter({ routeTree: tree, defaultPreload: "intent", scrollRestoration: true });
}
