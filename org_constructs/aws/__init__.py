"""Facts of AWS: what exists there and what its services take. Imports nothing else of this package."""
