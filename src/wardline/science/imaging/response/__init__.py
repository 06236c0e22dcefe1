"""Did the treatment work: lesions followed from scan to scan, and the published rules that turn their changes into a category."""
