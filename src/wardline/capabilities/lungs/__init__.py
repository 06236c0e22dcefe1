"""Breathing and oxygen."""
