"""Files that people send: uploaded first, then in a message, and read by whoever reads that."""
