"""From findings to people: who is told what, how loudly, and who is told next when nobody answers."""
