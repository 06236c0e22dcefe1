"""The nouns and the promises: standard library only, no input or output, imports nothing of ours."""
