{#-
    One view per raw table, so that models read plain relations on every engine. A row counts only if the table that
    `visible_by` names knows it: receipts know submissions, evaluations know their findings.
-#}
{% macro create_raw_views() %}
    {%- if execute -%}
        {%- set root = env_var("WUXING_DATA", "../data") -%}
        {%- set sources = graph.sources.values() | list -%}
        {%- do run_query("create schema if not exists raw") -%}
        {%- for node in sources if not node.config.meta.visible_by -%}
            {%- do create_raw_view(node, root) -%}
        {%- endfor -%}
        {%- for node in sources if node.config.meta.visible_by -%}
            {%- do create_raw_view(node, root) -%}
        {%- endfor -%}
    {%- endif -%}
{% endmacro %}

{% macro create_raw_view(node, root) %}
    {%- set meta = node.config.meta -%}
    {%- set view = "raw." ~ node.identifier -%}
    {%- set rows = adapter.dispatch("raw_rows", "wuxing")(root ~ "/raw/" ~ meta.files) -%}
    {%- set visible -%}
        {%- if meta.visible_by == "receipts" %} where (batch_id, submission_id) in (select batch_id, submission_id from raw.receipts)
        {%- elif meta.visible_by == "evaluations" %} where evaluation_id in (select evaluation_id from raw.evaluations)
        {%- endif -%}
    {%- endset -%}
    {%- do run_query("create or replace view " ~ view ~ " as select * from " ~ rows ~ visible) -%}
{% endmacro %}

{% macro duckdb__raw_rows(files) -%}
    read_parquet(
        '{{ dbt.escape_single_quotes(files) }}',
        union_by_name = true,
        hive_partitioning = false
    )
{%- endmacro %}
