{#- Why a printed figure was not compared, for the reader; null where it was. Columns as in profile_comparison. -#}
{% macro not_compared_because() -%}
    case
        when numerator is null
        then '月报中没有对应指标'
        when printed_low is null
        then '概况表没有印出数字'
        when part is null or coalesce(whole, 0) = 0
        then '本月月报没有该数'
        when missing > 0
        then concat('有 ', missing, ' 个社区未报')
        when undecided > 0
        then concat('有 ', undecided, ' 个社区尚未判定')
    end
{%- endmacro %}
