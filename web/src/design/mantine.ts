/** Mantine brings behaviour (focus, keyboard, layers); how it looks is ours, see mantine.css. */

import { createTheme, Drawer, Menu, Modal, Popover, Radio, Switch } from "@mantine/core";

/** Light enough that an alarm behind it stays an alarm. */
const VEIL = { backgroundOpacity: 0.18 };

export const mantineTheme = createTheme({
  fontFamily: "var(--family)",
  respectReducedMotion: true,
  defaultRadius: 6,
  components: {
    Modal: Modal.extend({
      defaultProps: {
        centered: true,
        shadow: "none",
        overlayProps: VEIL,
        transitionProps: { duration: 120, transition: "fade" },
        radius: 8,
      },
    }),
    Drawer: Drawer.extend({
      defaultProps: { shadow: "none", overlayProps: { backgroundOpacity: 0.06 }, transitionProps: { duration: 120 } },
    }),
    Menu: Menu.extend({ defaultProps: { transitionProps: { duration: 120, transition: "fade" }, shadow: "none" } }),
    Radio: Radio.extend({ defaultProps: { color: "var(--accent)", iconColor: "var(--accent-ink)" } }),
    Switch: Switch.extend({ defaultProps: { color: "var(--accent)" } }),
    Popover: Popover.extend({ defaultProps: { shadow: "none" } }),
  },
});
