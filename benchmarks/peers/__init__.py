"""The same intent, by this project and by others: each program runs in an environment of its own.

`accounts N`: an organization of all features with N accounts. `access N G`: a permission set of 12 hours which G groups
have in each of N accounts that exist; where a library makes groups, it makes them, and one user in all of them.
"""
