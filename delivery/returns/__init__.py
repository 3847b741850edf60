"""The receipts (回执): each sender's own workbook back, wrong cells coloured and explained; sent again it answers.

Here belongs what a receipt shows. What is wrong was found by ``expectations``; how a receipt that comes back is read is
``ingest.opinions``'s affair. Receipts are made from raw's latest evaluation, not from the release: they say what
``wuxing check`` would say, and private signals and rules under review (other channels) never leave.

What a receipt keeps of an xlsx: cells, formulas with their last results, formats, merged cells, widths, print areas,
validations, conditional formats, freezes, protection. What openpyxl cannot carry over: pictures, charts, shapes, form
controls, macros, sparklines, and validations or formats that only newer Excel knows; the first sheet says so where the
original has any. Threaded comments come back as plain notes. Of an xls, csv, ods or HTML file a twin is made
(``twin``): the same text in the same cells, without its formats.
"""

from delivery.returns.write import Returns, write_returns

__all__ = ["Returns", "write_returns"]
