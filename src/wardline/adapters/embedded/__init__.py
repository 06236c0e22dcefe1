"""SQLite, files, in process: a laptop, a demo, a small hospital, and every test."""
