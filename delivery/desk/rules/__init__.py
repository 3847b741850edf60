"""The rule pages (口径卡): all items, one item, one rule. Read-only, the same for everybody."""
