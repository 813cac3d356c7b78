"""Live delivery over plain HTTP: Server-Sent Events, and answers that wait."""
