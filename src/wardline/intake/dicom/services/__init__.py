"""What other systems may ask of the archive beside storing: finding, fetching, commitment, the worklist, and the progress of procedures."""
