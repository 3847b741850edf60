"""Writes the synthetic, labelled monthly workbooks of two invented sub-districts: what a new user tries first.

Every figure is made up, though the last month adds up to what the source report prints wherever that is consistent
(``examples/README.md``). The report's own figures do not belong here (``examples/source_report``), nor does anything
that the pipeline needs: deleting this folder costs only the demonstration and its tests.
"""

from examples.synthetic.write import write_workbooks

__all__ = ["write_workbooks"]
