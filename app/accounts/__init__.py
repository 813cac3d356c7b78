"""Accounts: signing up."""
