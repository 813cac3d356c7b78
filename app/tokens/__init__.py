"""Named tokens, by which scripts and bots act for somebody."""
