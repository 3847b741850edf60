{{ config(materialized="ephemeral") }}

select *
from {{ ref("stg_reference__alert_weights") }}
