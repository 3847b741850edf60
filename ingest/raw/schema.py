"""The columns of every raw table: the contract between ingest, expectations and dbt's staging models.

A *table* is a folder ``raw/<table>/month=YYYY-MM/<batch>.parquet``; an empty ``raw/<table>/schema.parquet`` lets
readers open a table before the first file came. A row counts only if ``receipts`` has its ``(batch_id,
submission_id)``: the receipt is written last, so a crash leaves nothing half-there.
"""

from __future__ import annotations

import pyarrow as pa

from ingest.reference import Item, items

MONEY = pa.decimal128(18, 2)
FIGURE = pa.decimal128(18, 4)
TIMESTAMP = pa.timestamp("us", tz="UTC")

TEXT = "__text"  # what the column of an item's texts as sent is called after it
ARROW_TYPES = {
    "integer": pa.int64(),
    "money": MONEY,
    "mean": MONEY,
    "yes_no": pa.bool_(),
    "choice": pa.string(),
    "bits": pa.string(),
}

_SUBMISSION = [
    ("batch_id", pa.string()),
    ("submission_id", pa.string()),
    ("month", pa.date32()),  # the first of the month
    ("subdistrict_code", pa.string()),  # the unit that sent it; the county's code for a profile
]
_ROW = [*_SUBMISSION, ("workbook", pa.string()), ("sheet", pa.string()), ("row_number", pa.int32())]


def _item_columns(sheet: str, only_additive: bool = False) -> list[tuple[str, pa.DataType]]:
    wanted: list[Item] = [i for i in items() if i.sheet == sheet and (i.additive or not only_additive)]
    typed = [(i.column_name, ARROW_TYPES[i.value_type]) for i in wanted]
    return [pair for name, dtype in typed for pair in ((name, dtype), (f"{name}{TEXT}", pa.string()))]


TABLES: dict[str, pa.Schema] = {
    # One row per accepted submission; the last thing written of a batch.
    "receipts": pa.schema(
        [
            *_SUBMISSION,
            ("form", pa.string()),  # monthly_report | profile
            ("version", pa.int32()),  # 1, 2, … within (form, month, subdistrict_code)
            ("sha256", pa.string()),
            ("workbook", pa.string()),
            ("received_at", TIMESTAMP),
            ("template_version", pa.string()),
            ("rows_loaded", pa.int32()),
            ("cells_found", pa.int32()),  # = loaded + blank + rejected
            ("cells_loaded", pa.int32()),
            ("cells_blank", pa.int32()),
            ("cells_rejected", pa.int32()),
            ("cells_label", pa.int32()),  # titles, headers, footers, row labels: non-empty, but no data
            ("register", pa.string()),  # hash of the units.csv that it was read by; null in receipts of older versions
        ]
    ),
    # One row per community row sent and recognised.
    "monthly_report_communities": pa.schema(
        [
            *_ROW,
            ("community_code", pa.string()),
            ("community_name", pa.string()),
            *_item_columns("community"),
        ]
    ),
    # The clerk's own 合计 row: checked against the sum, never loaded as a community.
    "monthly_report_totals": pa.schema([*_ROW, *_item_columns("community", only_additive=True)]),
    # One row per submission: the sheet 街道汇总. row_number is the first item's; `headers` has each item's own.
    "monthly_report_subdistricts": pa.schema([*_ROW, *_item_columns("subdistrict")]),
    # 概况表: one row per cell sent, because its columns are units, not items.
    "profile_figures": pa.schema(
        [
            *_ROW,
            ("column_letter", pa.string()),
            ("figure_code", pa.string()),
            ("unit_code", pa.string()),  # the sub-district of the column; the county's for 合计
            ("text", pa.string()),  # as printed
            ("value", FIGURE),  # in the figure's unit; a share in %; null when nothing could be read
            ("value_to", FIGURE),  # upper end of a printed range (7–8), else null
            ("step", FIGURE),  # weight of the last printed digit: 30.1 % → 0.1, 1.9万 → 1000
            ("qualifier", pa.string()),  # exact | nearly (近) | over (余, 超过) | range
        ]
    ),
    # Where each item stood: with a row's row_number it leads back to the cell.
    "headers": pa.schema(
        [
            *_SUBMISSION,
            ("form", pa.string()),
            ("raw_table", pa.string()),  # monthly_report_communities | monthly_report_subdistricts | profile_figures
            ("sheet", pa.string()),
            ("item_code", pa.string()),
            ("column_letter", pa.string()),
            ("row_number", pa.int32()),  # null where the row is the community's own
            ("header_text", pa.string()),
        ]
    ),
    # Everything that was said about a cell or a sheet while reading it.
    "problems": pa.schema(
        [
            *_SUBMISSION,
            ("form", pa.string()),
            ("workbook", pa.string()),
            ("sheet", pa.string()),
            ("cell", pa.string()),  # A1, A1:B2, or null for the sheet or workbook as a whole
            ("unit_code", pa.string()),
            ("item_code", pa.string()),
            ("kind", pa.string()),  # see ingest/problems.py
            ("severity", pa.string()),  # rejected: not loaded | flagged: loaded, but ask | note: read without doubt
            ("text", pa.string()),
            ("value", pa.string()),  # what was loaded instead, as text
            ("message", pa.string()),  # Chinese, for the clerk
        ]
    ),
    # Files that were not accepted. No cell content of a quarantined file ever stands here.
    "refusals": pa.schema(
        [
            ("sha256", pa.string()),
            ("workbook", pa.string()),
            ("received_at", TIMESTAMP),
            ("kind", pa.string()),
            ("quarantined", pa.bool_()),  # personal data: the whole file is kept out
            ("message", pa.string()),
            (
                "register",
                pa.string(),
            ),  # hash of the units.csv that it was refused by; null where that has no part in it
        ]
    ),
    # One row each time all accepted files were looked through because units.csv had changed; written last.
    "register_changes": pa.schema(
        [
            ("register", pa.string()),  # hash of the units.csv
            ("looked_at", TIMESTAMP),
            ("read_again", pa.int32()),  # submissions of which something hung on the register
            ("changed", pa.int32()),  # those that came out otherwise: each has a version more
        ]
    ),
    # What expectations looked at. One row per evaluation of a month; written last, so it makes the findings visible.
    "evaluations": pa.schema(
        [
            ("evaluation_id", pa.string()),  # hash of all inputs: same inputs, same evaluation
            ("month", pa.date32()),
            ("as_of", TIMESTAMP),  # latest received_at among *all* its inputs: orders the evaluations of a month
            ("month_as_of", TIMESTAMP),  # latest received_at among the month's own submissions
            ("overdue", pa.bool_()),  # a report is missing although its day is over
            ("rules_version", pa.string()),
        ]
    ),
    "findings": pa.schema(
        [
            ("evaluation_id", pa.string()),
            ("month", pa.date32()),
            ("alert_id", pa.string()),  # hash of (rule, unit, month, sorted items): never of values
            ("form", pa.string()),
            ("subdistrict_code", pa.string()),  # null for a county-wide finding
            ("community_code", pa.string()),  # null above the community
            ("unit_code", pa.string()),  # whom it is about
            ("unit_level", pa.string()),  # community | subdistrict | county
            ("rule_code", pa.string()),
            ("severity", pa.string()),  # mandatory | verification | hint
            ("channel", pa.string()),  # alert: supervisors | review: private signals | engineer: the rule itself
            ("message", pa.string()),  # Chinese, with the numbers in it
            ("item_codes", pa.string()),  # sorted, joined by ;
            ("reported", pa.string()),  # B01=80;B02=57
            ("suspected_items", pa.string()),
            ("suggested_values", pa.string()),
            ("confidence", pa.float64()),
            ("suggestion", pa.string()),  # the same for readers, in Chinese
            ("workbook", pa.string()),
            ("sheet", pa.string()),
            ("cell", pa.string()),  # every cell of that sheet which takes part: P7,Q7,R7 or D5:D14
            ("suppressed_by", pa.string()),  # alert_id of the finding that this one follows from
        ]
    ),
    # All cells that take part in a finding, over sheets and months.
    "finding_cells": pa.schema(
        [
            ("evaluation_id", pa.string()),
            ("month", pa.date32()),
            ("alert_id", pa.string()),
            ("ordinal", pa.int32()),
            ("workbook", pa.string()),
            ("sheet", pa.string()),
            ("cell", pa.string()),
            ("unit_code", pa.string()),
            ("cell_month", pa.date32()),
            ("item_code", pa.string()),
            ("text", pa.string()),  # as sent
            ("value", pa.string()),
        ]
    ),
    # How each finding that follows from no other can be read, the likeliest first: a row per cell that changes.
    "suggestions": pa.schema(
        [
            ("evaluation_id", pa.string()),
            ("month", pa.date32()),
            ("alert_id", pa.string()),
            ("submission_id", pa.string()),  # the version that the finding is about
            ("rank", pa.int32()),  # of the reading, from 1
            ("ordinal", pa.int32()),  # of the cell within the reading, from 1
            ("kind", pa.string()),  # cells | swap | shift | unit | copied | total | part | printed | true
            ("probability", pa.float64()),  # of the whole reading, as the model has it
            ("confidence", pa.float64()),  # in the whole reading, as it is stated (calibrated)
            ("is_suggested", pa.bool_()),  # whether readers are shown it; the others are kept for the record
            ("unit_code", pa.string()),  # whose cell it is: not always the finding's own unit
            ("item_code", pa.string()),  # null where nothing is wrong
            ("workbook", pa.string()),
            ("sheet", pa.string()),
            ("cell", pa.string()),  # null where the finding does not name the cell itself
            ("reported", pa.string()),
            ("value", pa.string()),  # what it should be, as readers write it; null where nobody knows
            ("number", FIGURE),  # the same as a number, 是 is 1; null where it is none
        ]
    ),
    # One row per rule, sub-district and reason: executed + not_executed = units asked.
    "rule_executions": pa.schema(
        [
            ("evaluation_id", pa.string()),
            ("month", pa.date32()),
            ("subdistrict_code", pa.string()),
            ("rule_code", pa.string()),
            ("executed", pa.int32()),
            ("violated", pa.int32()),
            ("not_executed", pa.int32()),
            ("reason", pa.string()),  # of not_executed; null on the row that counts executions
        ]
    ),
}


def empty(schema: pa.Schema) -> pa.Table:
    """A table without rows; ``Schema.empty_table`` would import pandas (0.2 s)."""
    return pa.Table.from_batches([], schema)
