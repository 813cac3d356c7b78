"""Links by which people join a group."""
