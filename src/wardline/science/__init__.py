"""Pure libraries, usable on their own: numpy allowed, no input or output, import only core."""
