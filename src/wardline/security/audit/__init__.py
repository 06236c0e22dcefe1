"""Proof of the audit trail: whether it is whole, what it says in the words of FHIR, and what in it asks for somebody to act."""
