"""Conversations: one's own list of them, opening one, starting one."""
