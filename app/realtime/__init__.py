"""Live clients: what the log holds, as it happens, by every transport."""
