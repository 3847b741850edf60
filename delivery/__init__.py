"""What leaves the warehouse: published releases and what people read of them.

Here belong the atomic release of the marts, read-only access to it and the tables shown on the console. No figure is
computed here: what a reader sees was computed by ``dbt_project``.
"""
