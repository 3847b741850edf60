"""Mutated real files through the real reader: nothing may crash, hang or lose a value without saying so."""
