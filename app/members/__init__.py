"""Who is in a group, and what they may do there."""
