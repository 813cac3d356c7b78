"""Is it there, is it ready, and what is it?"""
