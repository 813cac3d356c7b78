"""One's second factor: turning it on and off, and the codes for when it is lost."""
