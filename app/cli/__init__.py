"""The `chatflow` command."""
