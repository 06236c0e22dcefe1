"""How well it works: answers measured against what became of the patients."""
