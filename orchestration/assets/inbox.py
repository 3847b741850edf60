"""Stage 1, inbox: the files as sent. They belong to their senders; Dagster only knows that they are there."""

from __future__ import annotations

from dagster import AssetSpec

from orchestration.owners import OWNERS

INBOX = AssetSpec(
    key="inbox",
    group_name="inbox",
    owners=OWNERS,
    description="收到的报表原件：任意层级、任意文件名，系统从不改动或删除。",
    kinds={"excel"},
)
