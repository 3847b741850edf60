"""Writing xlsx for people: text that is never taken for a formula, and equal content as equal bytes.

Here belongs what every workbook that leaves us has in common; what stands in it does not.
"""
