"""Who is here, and who types."""
