{#- How a month is replaced. Spark's parquet tables know no delete, so there the partition is overwritten. -#}
{% macro monthly() %}
    {{ return(adapter.dispatch("monthly", "wuxing")()) }}
{% endmacro %}

{% macro default__monthly() %}
    {{
        return(
            {
                "materialized": "incremental",
                "incremental_strategy": "delete+insert",
                "unique_key": "month",
                "on_schema_change": "append_new_columns",
                "pre_hook": "{{ clear_months() }}",
            }
        )
    }}
{% endmacro %}

{% macro spark__monthly() %}
    {{
        return(
            {
                "materialized": "incremental",
                "incremental_strategy": "insert_overwrite",
                "partition_by": ["month"],
                "file_format": "parquet",
                "on_schema_change": "append_new_columns",
            }
        )
    }}
{% endmacro %}
