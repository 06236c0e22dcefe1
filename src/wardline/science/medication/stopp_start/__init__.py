"""STOPP/START version 2: prescriptions to reconsider and treatments that may be missing in people of 65 and over."""
