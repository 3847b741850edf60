"""What a new user tries first: synthetic workbooks and the source report. Nothing that the pipeline needs is here."""
