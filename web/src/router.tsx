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

const library = createRoute({
  getParentRoute: () => signedIn,
  path: "/library",
  component: lazyRouteComponent(() => import("@/library/LibraryPage"), "LibraryPage"),
  validateSearch: (search): { q?: string | undefined } =>
    typeof search["q"] === "string" || typeof search["q"] === "number" ? { q: String(search["q"]) } : {},
});

const capability = createRoute({
  getParentRoute: () => signedIn,
  path: "/library/$id",
  component: lazyRouteComponent(() => import("@/library/CapabilityPage"), "CapabilityPage"),
});

const guidelines = createRoute({
  getParentRoute: () => signedIn,
  path: "/guidelines",
  component: lazyRouteComponent(() => import("@/guidelines/GuidelinesPage"), "GuidelinesPage"),
});

const guideline = createRoute({
  getParentRoute: () => signedIn,
  path: "/guidelines/$id",
  component: lazyRouteComponent(() => import("@/guidelines/GuidelinePage"), "GuidelinePage"),
});

const policy = createRoute({
  getParentRoute: () => signedIn,
  path: "/policy",
  component: lazyRouteComponent(() => import("@/policy/PolicyPage"), "PolicyPage"),
});

const feeds = createRoute({
  getParentRoute: () => signedIn,
  path: "/feeds",
  component: lazyRouteComponent(() => import("@/feeds/FeedsPage"), "FeedsPage"),
  validateSearch: (search): { feed?: string | undefined } =>
    typeof search["feed"] === "string" || typeof search["feed"] === "number" ? { feed: String(search["feed"]) } : {},
});

const system = createRoute({
  getParentRoute: () => signedIn,
  path: "/system",
  component: lazyRouteComponent(() => import("@/system/SystemPage"), "SystemPage"),
  validateSearch: (search): { tab?: "incidents" | "accounts" | undefined } =>
    search["tab"] === "incidents" || search["tab"] === "accounts" ? { tab: search["tab"] } : {},
});

const apps = createRoute({
  getParentRoute: () => signedIn,
  path: "/apps",
  component: lazyRouteComponent(() => import("@/smart/AppsPage"), "AppsPage"),
});

/** Where apps send the people they ask. It stands alone, so that nothing else on the screen can be taken for the question. */
const authorize = createRoute({
  getParentRoute: () => root,
  path: "/authorize",
  component: lazyRouteComponent(() => import("@/smart/ConsentPage"), "ConsentPage"),
});

const privacy = createRoute({
  getParentRoute: () => signedIn,
  path: "/privacy",
  component: lazyRouteComponent(() => import("@/privacy/PrivacyPage"), "PrivacyPage"),
  validateSearch: (search): { part?: string | undefined } => (typeof search["part"] === "string" ? { part: search["part"] } : {}),
});

const account = createRoute({
  getParentRoute: () => signedIn,
  path: "/account",
  component: lazyRouteComponent(() => import("@/account/AccountPage"), "AccountPage"),
});

const mine = createRoute({
  getParentRoute: () => signedIn,
  path: "/mine",
  component: lazyRouteComponent(() => import("@/patient/privacy/OwnRecordPage"), "OwnRecordPage"),
});

const sandbox = createRoute({
  getParentRoute: () => signedIn,
  path: "/sandbox",
  component: lazyRouteComponent(() => import("@/sandbox/SandboxPage"), "SandboxPage"),
});

const quality = createRoute({
  getParentRoute: () => signedIn,
  path: "/quality",
  component: lazyRouteComponent(() => import("@/quality/QualityPage"), "QualityPage"),
  validateSearch: (search): { period?: string | undefined; measure?: string | undefined; population?: string | undefined } => ({
    ...(typeof search["period"] === "string" || typeof search["period"] === "number" ? { period: String(search["period"]) } : {}),
    ...(typeof search["measure"] === "string" ? { measure: search["measure"] } : {}),
    ...(typeof search["population"] === "string" ? { population: search["population"] } : {}),
  }),
});

const imaging = createRoute({
  getParentRoute: () => signedIn,
  path: "/imaging",
  component: lazyRouteComponent(() => import("@/imaging/ImagingPage"), "ImagingPage"),
  validateSearch: (search): { part?: string | undefined } => (typeof search["part"] === "string" ? { part: search["part"] } : {}),
});

const imagingCase = createRoute({
  getParentRoute: () => signedIn,
  path: "/imaging/case",
  component: lazyRouteComponent(() => import("@/imaging/CasePage"), "CasePage"),
  validateSearch: (search): { study?: string | undefined; lesion?: string | undefined } => ({
    ...(typeof search["study"] === "string" || typeof search["study"] === "number" ? { study: String(search["study"]) } : {}),
    ...(typeof search["lesion"] === "string" || typeof search["lesion"] === "number" ? { lesion: String(search["lesion"]) } : {}),
  }),
});

const tree = root.addChildren([
  setup,
  authorize,
  signedIn.addChildren([
    home,
    account,
    apps,
    board,
    queue,
    patient,
    patientAlert,
    library,
    capability,
    guidelines,
    guideline,
    imaging,
    imagingCase,
    policy,
    quality,
    feeds,
    privacy,
    system,
    mine,
    sandbox,
  ]),
]);

export function makeRouter() {
  return createRouter({ routeTree: tree, defaultPreload: "intent", scrollRestoration: true });
}
