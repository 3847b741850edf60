"""From a file somebody sent to rows that remember their cells, or a refusal that says why.

Here belongs everything that must be known to read a submission: where data lives, the reference tables, the forms, the
readers, the normalisation of values, the append-only raw store. Whether a figure is *believable* does not belong here
(``expectations``), nor when a file is read (``orchestration``).
"""
