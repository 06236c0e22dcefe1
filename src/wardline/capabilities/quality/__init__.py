"""Quality measures: of the stays a measure is about, in which was care as it should be?"""
