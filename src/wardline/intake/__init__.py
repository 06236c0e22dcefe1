"""The world to events: each feed in its own folder, refusals in one place."""
