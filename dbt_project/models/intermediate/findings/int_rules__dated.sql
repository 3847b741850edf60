{{ config(materialized="ephemeral") }} select * from {{ ref("stg_reference__rules") }}
