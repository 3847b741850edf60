select * from {{ ref("int_items__dated") }}
