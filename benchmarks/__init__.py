"""How well errors are found, and how long things take, as ratios: seconds of a shared machine say nothing.

``refresh`` sends the example workbooks through the real command, ``editing`` scores localisation on planted slips.
Nothing here is a test or has a limit to keep.
"""
