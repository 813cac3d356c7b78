"""The Action Cable clients of npm, unmodified, under Node."""
