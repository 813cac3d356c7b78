"""What of a conversation is unread to each of its people."""
