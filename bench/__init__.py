"""Speed and memory, measured as ratios against a peer or a limit in the same run. Never asserted in a test.

`make bench` runs everything and writes `results.json`; `make bench ARGS=parsing` one of them. Absolute numbers belong to one
machine on one day; the ratios are what can be compared.
"""
