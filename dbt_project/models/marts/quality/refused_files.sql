-- One row per content: the same bytes refused twice are one file, as first seen. A file
-- that the register of units did not know at first may be accepted since.
with
    refusals as (select * from {{ ref("int_refusals__first") }}),

    receipts as (select * from {{ ref("stg_submission__receipts") }})

select sha256, workbook, received_at, kind, quarantined, message
from refusals
where sha256 not in (select sha256 from receipts)
