"""Is what was sent believable? One catalogue of rules, and what follows from it.

Here belong the rules, their evaluation over raw tables (Great Expectations for structure, ranges, sets and keys; our
engine for edits over several operands, levels and months), and the findings with their sentences and cells. Reading
files does not belong here (``ingest``), nor stars and structure (``dbt_project``).
"""
