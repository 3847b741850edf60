"""The append-only store of what was sent: Parquet beside receipts, visible batch by batch."""
