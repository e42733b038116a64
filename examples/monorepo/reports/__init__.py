"""The reports, of a second team: what runs in its account, and who may read there."""
