"""Who may, who did, and proof of it."""
