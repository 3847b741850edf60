select * from {{ ref("int_rules__dated") }}
