"""How long things take, as ratios within one run: seconds of a shared machine say nothing.

A benchmark sends the example workbooks through the real command. Nothing here is a test or has a limit to keep.
"""
