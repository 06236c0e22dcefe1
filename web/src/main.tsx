/** Where the page begins: styles, the signed-in session, the router. */

import "@fontsource-variable/inter/wght.css";
import "@mantine/core/styles/baseline.css";
import "@mantine/core/styles/default-css-variables.css";
import "@mantine/core/styles/global.css";
import "@mantine/core/styles/UnstyledButton.css";
import "@mantine/core/styles/CloseButton.css";
import "@mantine/core/styles/Paper.css";
import "@mantine/core/styles/Overlay.css";
import "@mantine/core/styles/Popover.css";
import "@mantine/core/styles/Menu.css";
import "@mantine/core/styles/ModalBase.css";
import "@mantine/core/styles/Modal.css";
import "@mantine/core/styles/Drawer.css";
import "@mantine/core/styles/ScrollArea.css";
import "@mantine/core/styles/Input.css";
import "@mantine/core/styles/PasswordInput.css";
import "@mantine/core/styles/InlineInput.css";
import "@mantine/core/styles/Radio.css";
import "@mantine/core/styles/Switch.css";
import "@mantine/core/styles/ActionIcon.css";
import "@/design/tokens.css";
import "@/design/base.css";
import "@/design/mantine.css";

import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { createRoot } from "react-dom/client";
import { ApiProblem } from "@/api/problem";
import { session } from "@/api/session";
import { mantineTheme } from "@/design/mantine";
import { useTheme } from "@/design/theme";
import { makeRouter } from "@/router";

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      // Only what may pass by itself is tried again; a refusal stays a refusal.
      retry: (failures, error) => failures < 2 && error instanceof ApiProblem && error.isPassing,
      refetchOnWindowFocus: true,
    },
  },
});
const router = makeRouter();

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}

/** Nothing one person has seen stays for the next. */
let personBefore = "";
session.subscribe(() => {
  const person = session.state.status === "in" ? session.state.person.id : "";
  if (person !== personBefore) queries.clear();
  personBefore = person;
});

for (const use of ["pointerdown", "keydown"]) addEventListener(use, () => session.used(), { passive: true });

function Wardline() {
  const { theme } = useTheme();
  return (
    <MantineProvider theme={mantineTheme} forceColorScheme={theme}>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  );
}

void session.start();
const root = document.getElementById("root");
if (root) createRoot(root).render(<Wardline />);
