"""From an untrusted file to a plain grid of cells, or a refusal: no meaning is read here.

Here belong looking before opening, the door-keeper for personal data, the readers and the worker processes they run in.
What a cell *means* does not belong here (``ingest.monthly_report``, ``ingest.profile``, ``ingest.values``). Modules of
this package import nothing heavy: a worker process starts with them alone.
"""
