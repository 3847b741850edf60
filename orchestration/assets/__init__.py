"""The asset graph in five stages: inbox, ingest, expectations, warehouse, delivery. An asset only calls its package."""
