"""What stands behind the doors for EHRs: who calls, which patient is meant, what is looked at, and how it is answered."""
