"""The shop: what runs in its account, and who may operate it."""
