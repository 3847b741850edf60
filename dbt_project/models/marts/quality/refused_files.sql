-- One row per content: the same bytes refused twice are one file, as first seen.
with refusals as (select * from {{ ref("int_refusals__first") }})

select sha256, workbook, received_at, kind, quarantined, message
from refusals
