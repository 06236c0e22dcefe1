"""Getting a message to a person: channels in order, until one has taken it, and a record of what became of it."""
