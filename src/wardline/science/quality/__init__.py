"""How quality measures read a record: stays, value sets and populations, as the published electronic measures define them."""
