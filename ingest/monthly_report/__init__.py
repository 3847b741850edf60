"""Reads a workbook of 五星月报: cover, community table, item list, whatever their layout.

Here belongs what the monthly report's sheets mean. Opening files (``ingest.files``), single values (``ingest.values``)
and spellings (``ingest.forms``) do not.
"""
