"""Signing up, in and out; and `access.py`, every door in the house."""
