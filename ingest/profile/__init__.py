"""Reads the 概况表: a row per figure, a column per unit, each cell kept as printed.

Here belongs what the sheet's rows and columns mean; how a printed figure is read stands in ``ingest.values.printed``.
"""
