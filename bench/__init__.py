"""Measurements. Each prints a table; none is asserted in a test."""
