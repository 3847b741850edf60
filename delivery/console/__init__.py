"""What people read on the console, in Chinese, from the published marts only. Nothing is computed here."""
