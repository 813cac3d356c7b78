"""What one's own conversations are to oneself: muted, archived, a favourite, how loud."""
