"""Heart: chest pain, atrial fibrillation, the electrocardiogram."""
