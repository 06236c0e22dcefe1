"""Telling programs of changes they have subscribed to: seeing what concerns them, delivering it, and answering what they ask."""
