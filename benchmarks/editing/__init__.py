"""How well wrong cells are found and mended: synthetic months with planted slips, scored against what was meant."""
