"""Accounts: signing up, changing and closing them, and the mails that go with it."""
