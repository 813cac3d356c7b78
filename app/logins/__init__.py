"""Where somebody is signed in: seeing it, and ending it."""
