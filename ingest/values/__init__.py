"""From a cell as sent to a typed value: every change is named, what cannot be read is refused, nothing is guessed.

Here belong numbers, yes/no, choices, printed figures and months. Where a cell stands and which item it is does not.
"""
