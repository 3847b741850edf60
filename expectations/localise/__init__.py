"""Which cells are wrong, and what they most likely should be: from violated rules to ranked explanations.

Exact linear algebra finds the sets of cells that can heal a record (``system``, ``sets``); a noisy channel
(``channel``) and last month (``habits``) rank the values that they may take (``values``); slips over several cells
are undone as a whole (``operations``); ``explain`` puts them together. docs/localisation.md tells how and why. No
rule stands here.
"""
