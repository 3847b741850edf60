"""When, in what order, and what again: Dagster assets, jobs, sensors, schedules, and the ``wuxing`` command.

Thin on purpose: no rule, no SQL over data, no parsing. It is the only package that imports dagster.
"""
