"""dbt inside our own process: the kept manifest, the build, and its results as Dagster events."""
