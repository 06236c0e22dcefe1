"""What is published about common reasons to come: one file each.

Everything here is provisional. The figures are recalled from the papers named beside them, mostly reviews of the series "The Rational
Clinical Examination"; the papers were not read again. Where a review gives a range, the end that says less was taken. The shares of
conditions before anything is asked are round estimates for an emergency department, ours and nobody's measurement: a site sets its own.
"""
