"""The audit trail as bytes: what of an entry is hashed, the tree of all entries, and the signed heads that fix it."""
