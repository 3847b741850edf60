"""Who answers for an asset, as Dagster shows it."""

OWNERS = ["team:data-engineering"]
