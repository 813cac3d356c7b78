"""People: oneself, and finding others."""
