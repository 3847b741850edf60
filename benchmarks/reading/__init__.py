"""How fast a month of workbooks is read: whole ingest against a bare reading of the same bytes and a plain script.

Figures are ratios within one run. Nothing here is a test; the same values from both ways are checked, not assumed.
"""
