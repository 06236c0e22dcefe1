"""Pregnancy, birth and the time after."""
