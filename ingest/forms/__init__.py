"""Descriptions of the forms as reviewed data (``*.yml``), their strict models and their loader.

Here belongs how a form may be spelled: sheets, headers, groups, labels. How a sheet is searched for them does not.
"""
