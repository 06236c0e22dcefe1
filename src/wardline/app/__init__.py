"""Where everything is wired: settings, discovery, the composition root and the command line."""
